import { codeOf, type MayHaveCommandLine, SpotifyAuthError } from '../errors.ts'
import { type LimitMemory, leftOf, nextPause } from '../network/limit-memory.ts'
import { isUnsent } from '../network/network-error.ts'
import { durationOf } from '../network/rate-limited.ts'

/** Where failures to refresh a login are remembered, under the name of its profile. */
export interface RefreshFailures {
  limitMemory: LimitMemory
  profile: string
  /** The time in Unix milliseconds. */
  now(): number
  commandLine: MayHaveCommandLine
}

/** A credential helper has failed, or has no login, before anything was changed. */
export class HelperFailure extends SpotifyAuthError {}

/** Who has kept a login from being refreshed, as every other command would find out for itself. */
const culprits = {
  refresh: { code: 'unavailable', what: 'Spotify could not refresh this login a moment ago.' },
  helper: { code: 'storage', what: 'The credential helper of this login failed a moment ago.' },
  'helper-empty': { code: 'login_required', what: 'The credential helper had no login a moment ago.' },
} as const

type Culprit = keyof typeof culprits

/** A refresh is due, but nobody is asked yet, because the last refresh has just failed. */
export class BackingOff extends SpotifyAuthError {
  constructor({ commandLine }: RefreshFailures, culprit: Culprit, leftMs: number) {
    const { code, what } = culprits[culprit]
    const login = code === 'login_required' ? `; to log in: ${commandLine?.('login')}` : ''
    const now = commandLine ? `; to ask now: ${commandLine('token --refresh')}${login}` : '.'
    super(code, what, { hint: `It is asked again in ${durationOf(leftMs)}${now}` })
  }
}

const firstMs = 5_000
const longestMs = 60_000

/** Keeps all commands from asking again for a while after a refresh that has failed: one has asked for all of them. */
export function refreshBackoff(failures: RefreshFailures) {
  const { limitMemory, now } = failures
  const nameOf = (culprit: Culprit) => `${failures.profile}.${culprit}`
  const all = Object.keys(culprits) as Culprit[]
  return {
    /** Throws `BackingOff` until that time is over. */
    respect(): void {
      for (const culprit of all) {
        const leftMs = leftOf(limitMemory.get(nameOf(culprit)), now())
        if (leftMs > 0) throw new BackingOff(failures, culprit, leftMs)
      }
    },
    /** Begins after a failure that others would run into as well; each lasts twice as long as the one before. */
    async beginAfter(error: unknown): Promise<void> {
      const culprit = culpritOf(error)
      if (culprit === undefined) return
      const name = nameOf(culprit)
      await limitMemory.set(name, nextPause(limitMemory.get(name), now(), firstMs, longestMs))
    },
    /** Ends after a success: the next failure begins with the shortest time again. */
    async end(): Promise<void> {
      for (const name of all.map(nameOf)) if (limitMemory.get(name)) await limitMemory.delete(name)
    },
  }
}

function culpritOf(error: unknown): Culprit | undefined {
  const code = codeOf(error)
  if (error instanceof BackingOff) return undefined
  if (error instanceof HelperFailure) return code === 'login_required' ? 'helper-empty' : 'helper'
  return code === 'unavailable' || (code === 'network' && !isUnsent(error)) ? 'refresh' : undefined
}
