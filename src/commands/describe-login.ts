import { authorizationEndsAtMs, type Credential, type User } from '../session/credential.ts'
import { dotfilePath } from '../session/dotfile.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { printableJson, sanitize } from '../untrusted/sanitize.ts'

/** A login in a sentence: `Logged in as Ada Lovelace (ada) until 20 May 2027.` */
export function describeLogin(credential: Credential): string {
  return `Logged in${asWhom(credential)} until ${dayOf(authorizationEndsAtMs(credential))}.`
}

/** A login as JSON, with the fields of `loginFields`. */
export function describeLoginAsJson(place: ProfileLocation, credential: Credential): string {
  return printableJson(loginFields(place, credential))
}

/** The fields of a login as scripts read them; instants are Unix seconds. */
export function loginFields(place: ProfileLocation, credential: Credential) {
  const { user } = credential
  return {
    profile: place.profile,
    user: user ? { id: user.id, display_name: user.displayName } : null,
    client_id: credential.clientId,
    scope: credential.scopes.join(' '),
    expires_at: Math.floor(credential.expiresAtMs / 1000),
    authorized_at: Math.floor(credential.authorizedAtMs / 1000),
    authorization_ends_at: Math.floor(authorizationEndsAtMs(credential) / 1000),
    credential_helper: credential.credentialHelper ?? null,
    file: dotfilePath(place),
  }
}

/** Whose login it is, as the end of a sentence: ` as Ada Lovelace (ada)`; empty when that is not known. */
export function asWhom({ user }: Credential): string {
  return user ? ` as ${nameOf(user)}` : ''
}

/** A user's name with the id: `Ada Lovelace (ada)`. */
export function nameOf({ id, displayName }: User): string {
  return sanitize(displayName ? `${displayName} (${id})` : id)
}

/** A day as people read it: `20 May 2027`. */
export function dayOf(ms: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(ms)
}
