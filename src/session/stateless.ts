import { SpotifyAuthError } from '../errors.ts'
import { refreshTokens } from '../oauth/spotify-accounts.ts'
import { type Credential, renewed } from './credential.ts'
import type { World } from './session.ts'

/** A login out of SPOTIFY_REFRESH_TOKEN, for CI: renewed for this command alone, with nothing read or written. */
export async function refreshStateless(world: World): Promise<Credential> {
  const { SPOTIFY_REFRESH_TOKEN, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET } = world.env
  if (!SPOTIFY_REFRESH_TOKEN || !SPOTIFY_CLIENT_ID) {
    throw new SpotifyAuthError('config', 'SPOTIFY_REFRESH_TOKEN is set, but SPOTIFY_CLIENT_ID is not.', {
      hint: 'Set it to the client id of the app that the refresh token was made for.',
    })
  }
  const app = { clientId: SPOTIFY_CLIENT_ID, clientSecret: SPOTIFY_CLIENT_SECRET || undefined }
  const tokens = await refreshTokens(world, app, SPOTIFY_REFRESH_TOKEN)
  if (tokens.refreshToken && tokens.refreshToken !== SPOTIFY_REFRESH_TOKEN) {
    world.stderr.write(
      'Spotify has replaced the refresh token: the one in SPOTIFY_REFRESH_TOKEN is used up. Log in again without that variable, which keeps the new ones.\n',
    )
  }
  const given = {
    ...app,
    accessToken: '',
    expiresAtMs: 0,
    refreshToken: SPOTIFY_REFRESH_TOKEN,
    scope: [],
    authorizedAtMs: 0,
  }
  return renewed(given, tokens, world.now())
}
