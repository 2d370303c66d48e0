import { type Context, commandLine } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { Limits } from '../rate-limit.ts'
import { authorizationEndsAtMs, type Credential, dayMs, type Ending, longestLifeMs } from './credential.ts'
import { type Place, readCredential } from './credential-store.ts'

/** What a session touches. */
export type World = Place & Pick<Context, 'env' | 'accountsUrl' | 'request' | 'now'> & { limits?: Limits }

/** Hands out a login with a valid access token, and renews it. */
export interface Login {
  open(): Promise<Credential>
  /** A login with another access token than this one, which Spotify has refused. */
  renew(refused: Credential): Promise<Credential>
}

const clockToleranceMs = 60_000

/** How long before its end an access token is renewed by whoever has the time. */
const aheadSeconds = 300

/** How long before the end of the login the user is reminded. */
const reminderDays = 14

/** The profile's stored login; throws `login_required` when there is none, and `login_expired` when Spotify has ended it. */
export function requireCredential(world: Place): Credential {
  return checkCredential(world, readCredential(world))
}

/** The same of a login that was read elsewhere. */
export function checkCredential(
  place: Pick<Place, 'profile'>,
  credential: Credential | null | undefined,
): Credential {
  const hint = `Run: ${commandLine(place, 'login')}`
  if (!credential) throw new SpotifyAuthError('login_required', 'You are not logged in.', { hint })
  if (!credential.ended) return credential
  throw new SpotifyAuthError('login_expired', endings[credential.ended], { hint })
}

const endings: Record<Ending, string> = {
  expired: 'Your login has expired: Spotify ends every login six months after you agreed to it.',
  revoked: 'Spotify no longer accepts your login: perhaps you removed the app, or changed your password.',
  interrupted:
    'Spotify no longer accepts your login: an earlier renewal was cut off before its new token could be saved.',
}

/**
 * A login whose access token is valid for at least `minTtlSeconds` (60): as stored, or renewed and saved.
 * Throws `login_required` or `login_expired` when only the browser helps, and whatever kept a renewal from happening.
 */
export async function openSession(
  world: World,
  { minTtlSeconds = 60 }: { minTtlSeconds?: number } = {},
): Promise<Credential> {
  if (world.env.SPOTIFY_REFRESH_TOKEN) return (await import('./stateless.ts')).openStateless(world)
  const credential = requireCredential(world)
  const now = world.now()
  if (authorizationEndsAtMs(credential) - now < reminderDays * dayMs && world.stderr.isTerminal) {
    const { remind } = await import('./reminder.ts')
    remind(world, credential)
  }
  if (!isFresh(credential, now, minTtlSeconds)) {
    const { renew } = await import('./refresh.ts')
    return renew(
      world,
      (stored) => isFresh(stored, world.now(), minTtlSeconds),
      (stored) => isFresh(stored, world.now(), 0),
    )
  }
  if (!isFresh(credential, now, aheadSeconds)) {
    const { renewAhead } = await import('./refresh.ts')
    return renewAhead(world, credential, (stored) => isFresh(stored, world.now(), aheadSeconds))
  }
  return credential
}

/** Renews the access token whatever time it has left, unless another process has done so since `credential` was read. */
export async function renewSession(world: World, credential?: Credential): Promise<Credential> {
  if (world.env.SPOTIFY_REFRESH_TOKEN) return (await import('./stateless.ts')).renewStateless(world)
  const { accessToken } = credential ?? requireCredential(world)
  const { renew } = await import('./refresh.ts')
  const isAnother = (stored: Credential) =>
    stored.accessToken !== accessToken && isFresh(stored, world.now(), 60)
  return renew(world, isAnother, isAnother)
}

/** Whether the access token is good for at least so many seconds by our clock. */
export function isFresh(
  { expiresAtMs }: Pick<Credential, 'expiresAtMs'>,
  nowMs: number,
  minTtlSeconds: number,
): boolean {
  const leftMs = expiresAtMs - nowMs
  // A token that claims more than its hour was stored by another clock.
  return leftMs >= minTtlSeconds * 1000 && leftMs <= longestLifeMs + clockToleranceMs
}
