import type { Credential } from './credential.ts'
import { version } from './parse-credential.ts'

// Reading is in a file of its own, so that commands that only read do not load the code that writes.
export { parseCredential } from './parse-credential.ts'

/** The text of the file that keeps a login. */
export function serializeCredential(credential: Credential): string {
  return `${JSON.stringify(credentialFields(credential), null, 2)}\n`
}

/** A login as it is kept: RFC 6749's names, instants as Unix seconds. */
export function credentialFields(credential: Credential) {
  const { user } = credential
  return {
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
    credential_helper: credential.credentialHelper,
    ended: credential.ended,
  }
}
