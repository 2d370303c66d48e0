import { SpotifyAuthError } from '../errors.ts'
import type { Environment } from '../settings/environment.ts'
import type { Output } from '../terminal/output.ts'
import type { Credential } from './credential.ts'
import { type LoginStorage, noJournal } from './storage.ts'

/** Keeps the login of SPOTIFY_REFRESH_TOKEN in memory, for one command: nothing is read from files or written. */
export function environmentStorage(env: Environment, stderr: Output): LoginStorage {
  let kept: Credential | undefined
  const read = () => {
    kept ??= readEnvironment(env)
    if (!kept.ended) return kept
    throw new SpotifyAuthError(
      'login_expired',
      'Spotify no longer accepts the refresh token in SPOTIFY_REFRESH_TOKEN.',
      { hint: 'Log in again without that variable, and set it to the new refresh token.' },
    )
  }
  const commit = (credential: Credential) => {
    const isFirstReplacement = kept?.refreshToken === env.SPOTIFY_REFRESH_TOKEN
    const isReplaced = !credential.ended && credential.refreshToken !== env.SPOTIFY_REFRESH_TOKEN
    if (isFirstReplacement && isReplaced) {
      stderr.write(
        'Spotify has replaced the refresh token: the one in SPOTIFY_REFRESH_TOKEN is used up. Log in without that variable: a stored login keeps the new ones.\n',
      )
    }
    kept = credential
  }
  return {
    read,
    lock: (work) => work({ read, prepareSave: () => ({ commit, abandon() {} }), journal: noJournal }),
  }
}

function readEnvironment(env: Environment): Credential {
  const { SPOTIFY_REFRESH_TOKEN, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET } = env
  if (!SPOTIFY_REFRESH_TOKEN || !SPOTIFY_CLIENT_ID) {
    throw new SpotifyAuthError('config', 'SPOTIFY_REFRESH_TOKEN is set, but SPOTIFY_CLIENT_ID is not.', {
      hint: 'Set it to the client id of the app that the refresh token was made for.',
    })
  }
  return {
    clientId: SPOTIFY_CLIENT_ID,
    clientSecret: SPOTIFY_CLIENT_SECRET || undefined,
    accessToken: '',
    expiresAtMs: 0,
    refreshToken: SPOTIFY_REFRESH_TOKEN,
    scopes: [],
    authorizedAtMs: 0,
  }
}
