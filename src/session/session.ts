import { type Context, commandLine } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { Credential } from './credential.ts'
import { readCredential } from './credential-store.ts'

type Place = Pick<Context, 'home' | 'profile'>
type World = Place & Pick<Context, 'accountsUrl' | 'request' | 'now'>

/** The profile's stored login; throws `login_required` when there is none. */
export function requireCredential(place: Place): Credential {
  const credential = readCredential(place)
  if (credential) return credential
  throw new SpotifyAuthError('login_required', 'You are not logged in.', {
    hint: `Run: ${commandLine(place, 'login')}`,
  })
}

/**
 * A login whose access token is valid for at least `minTtlSeconds` (60): as stored, or renewed and saved.
 * Throws `login_required` or `login_expired` when only the browser helps, and whatever kept a renewal from happening.
 */
export async function openSession(world: World, { minTtlSeconds = 60 } = {}): Promise<Credential> {
  const credential = requireCredential(world)
  const isFresh = credential.expiresAtMs - world.now() >= minTtlSeconds * 1000
  return isFresh ? credential : renewSession(world, credential)
}

/** Renews the access token whatever time it has left, and saves it before it is used. */
export async function renewSession(world: World, credential = requireCredential(world)): Promise<Credential> {
  const { refresh } = await import('./refresh.ts')
  return refresh(world, credential)
}
