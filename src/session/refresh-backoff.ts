import { codeOf, SpotifyAuthError } from '../errors.ts'
import { type LimitMemory, leftOf } from '../network/limit-memory.ts'
import { isUnsent } from '../network/network-error.ts'
import { durationOf } from '../network/rate-limited.ts'

/** Where it is remembered, and for which login, that Spotify could not refresh it. */
export interface BackoffPlace {
  limitMemory: LimitMemory
  profile: string
  /** The time in Unix milliseconds. */
  now(): number
  commandLine(words: string): string
}

/** A refresh is due, but the last one has just failed. */
export class BackingOff extends SpotifyAuthError {
  constructor({ commandLine }: BackoffPlace, leftMs: number) {
    super('unavailable', 'Spotify could not refresh this login a moment ago.', {
      hint: `It is asked again in ${durationOf(leftMs)}; to ask now: ${commandLine('token --refresh')}`,
    })
  }
}

const firstMs = 5_000
const longestMs = 60_000

/** The time after a refresh that has failed, in which nobody asks again: of ten commands that wait, one has asked for all. */
export function refreshBackoff(place: BackoffPlace) {
  const { limitMemory, now } = place
  const name = `${place.profile}.refresh`
  return {
    /** Throws `BackingOff` while it lasts. */
    respect(): void {
      const leftMs = leftOf(limitMemory.get(name), now())
      if (leftMs > 0) throw new BackingOff(place, leftMs)
    },
    /** Begins one after a failure that others would run into, too; each is twice as long as the one before. */
    async beginAfter(error: unknown): Promise<void> {
      const code = codeOf(error)
      const hasFailed = code === 'unavailable' || (code === 'network' && !isUnsent(error))
      if (!hasFailed) return
      const before = limitMemory.get(name)
      const forMs = before ? Math.min(2 * before.forMs, longestMs) : firstMs
      await limitMemory.set(name, { setAtMs: now(), forMs })
    },
    /** Forgets it, and how long it was. */
    async end(): Promise<void> {
      if (limitMemory.get(name)) await limitMemory.delete(name)
    },
  }
}
