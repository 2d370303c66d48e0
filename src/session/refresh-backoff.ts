import { type CommandLine, codeOf, SpotifyAuthError } from '../errors.ts'
import { type LimitMemory, leftOf } from '../network/limit-memory.ts'
import { isUnsent } from '../network/network-error.ts'
import { durationOf } from '../network/rate-limited.ts'

/** Where failures to refresh a login are remembered, under the name of its profile. */
export interface RefreshFailures {
  limitMemory: LimitMemory
  profile: string
  /** The time in Unix milliseconds. */
  now(): number
  commandLine: CommandLine
}

/** A refresh is due, but Spotify is not asked yet, because the last refresh has just failed. */
export class BackingOff extends SpotifyAuthError {
  constructor({ commandLine }: RefreshFailures, leftMs: number) {
    super('unavailable', 'Spotify could not refresh this login a moment ago.', {
      hint: `It is asked again in ${durationOf(leftMs)}; to ask now: ${commandLine('token --refresh')}`,
    })
  }
}

const firstMs = 5_000
const longestMs = 60_000

/** Keeps all commands from asking Spotify again for a while after a refresh that has failed: one has asked for all of them. */
export function refreshBackoff(failures: RefreshFailures) {
  const { limitMemory, now } = failures
  const name = `${failures.profile}.refresh`
  return {
    /** Throws `BackingOff` until that time is over. */
    respect(): void {
      const leftMs = leftOf(limitMemory.get(name), now())
      if (leftMs > 0) throw new BackingOff(failures, leftMs)
    },
    /** Begins after a failure that others would run into as well; each lasts twice as long as the one before. */
    async beginAfter(error: unknown): Promise<void> {
      const code = codeOf(error)
      const hasFailed = code === 'unavailable' || (code === 'network' && !isUnsent(error))
      if (!hasFailed) return
      const before = limitMemory.get(name)
      const forMs = before ? Math.min(2 * before.forMs, longestMs) : firstMs
      await limitMemory.set(name, { setAtMs: now(), forMs })
    },
    /** Ends after a success: the next failure begins with the shortest time again. */
    async end(): Promise<void> {
      if (limitMemory.get(name)) await limitMemory.delete(name)
    },
  }
}
