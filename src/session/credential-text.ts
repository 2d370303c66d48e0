import type { Credential } from './credential.ts'
import { version } from './parse-credential.ts'

// Reading is in a file of its own, so that commands that only read do not load the code that writes.
export { parseCredential } from './parse-credential.ts'

/** The text of the file that keeps a login: RFC 6749's names, instants as Unix seconds. */
export function serializeCredential(credential: Credential): string {
  const { user } = credential
  const fields = {
    version,
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
    access_token: credential.accessToken || undefined,
    expires_at: Math.floor(credential.expiresAtMs / 1000),
    refresh_token: credential.refreshToken,
    scope: credential.scopes.join(' '),
    authorized_at: Math.floor(credential.authorizedAtMs / 1000),
    login_id: credential.loginId,
    user: user && { id: user.id, display_name: user.displayName },
    ended: credential.ended,
  }
  return `${JSON.stringify(fields, null, 2)}\n`
}
