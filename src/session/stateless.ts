import { SpotifyAuthError } from '../errors.ts'
import { refreshTokens } from '../oauth/spotify-accounts.ts'
import { type Credential, renewed } from './credential.ts'
import { isFresh, type World } from './session.ts'

/** What each command has been given; a long one must not spend its refresh token at every request. */
const given = new WeakMap<World, Credential>()

/** A login out of SPOTIFY_REFRESH_TOKEN, for CI: for this command alone, with nothing read or written. */
export async function openStateless(world: World): Promise<Credential> {
  const known = given.get(world)
  return known && isFresh(known, world.now(), 60) ? known : renewStateless(world)
}

/** Renews it whatever time its access token has left. */
export async function renewStateless(world: World): Promise<Credential> {
  const { SPOTIFY_REFRESH_TOKEN, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET } = world.env
  if (!SPOTIFY_REFRESH_TOKEN || !SPOTIFY_CLIENT_ID) {
    throw new SpotifyAuthError('config', 'SPOTIFY_REFRESH_TOKEN is set, but SPOTIFY_CLIENT_ID is not.', {
      hint: 'Set it to the client id of the app that the refresh token was made for.',
    })
  }
  const app = { clientId: SPOTIFY_CLIENT_ID, clientSecret: SPOTIFY_CLIENT_SECRET || undefined }
  const refreshToken = given.get(world)?.refreshToken ?? SPOTIFY_REFRESH_TOKEN
  const tokens = await refreshTokens(world, app, refreshToken)
  if (tokens.refreshToken && tokens.refreshToken !== refreshToken && !given.has(world)) {
    world.stderr.write(
      'Spotify has replaced the refresh token: the one in SPOTIFY_REFRESH_TOKEN is used up. Log in again without that variable, which keeps the new ones.\n',
    )
  }
  const empty = { ...app, accessToken: '', expiresAtMs: 0, refreshToken, scope: [], authorizedAtMs: 0 }
  const credential = renewed(empty, tokens, world.now())
  given.set(world, credential)
  return credential
}
