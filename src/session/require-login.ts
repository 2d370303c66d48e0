import { type MayHaveCommandLine, SpotifyAuthError } from '../errors.ts'
import type { Credential, Ending } from './credential.ts'

/** The login, if there is one and Spotify has not ended it; throws `login_required` or `login_expired` otherwise. */
export function requireLogin(
  credential: Credential | null | undefined,
  commandLine: MayHaveCommandLine,
): Credential {
  const hint = commandLine && `Run: ${commandLine('login')}`
  if (!credential) throw new SpotifyAuthError('login_required', 'You are not logged in.', { hint })
  if (!credential.ended) return credential
  throw new SpotifyAuthError('login_expired', endings[credential.ended], { hint })
}

const endings: Record<Ending, string> = {
  expired: 'Your login has expired: Spotify ends every login six months after you agreed to it.',
  revoked: 'Spotify no longer accepts your login: perhaps you removed the app, or changed your password.',
  interrupted:
    'Spotify no longer accepts your login: an earlier refresh was cut off before its new token could be saved.',
}
