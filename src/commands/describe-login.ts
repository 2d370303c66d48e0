import { authorizationEndsAtMs, type Credential, type User } from '../session/credential.ts'
import { credentialFile, type Place } from '../session/credential-store.ts'
import { printableJson, sanitize } from '../terminal/sanitize.ts'

/** `Logged in as Ada Lovelace (ada) until 20 May 2027.` */
export function describeLogin(credential: Credential): string {
  return `Logged in${asWhom(credential)} until ${dayOf(authorizationEndsAtMs(credential))}.`
}

/** The login as scripts read it; instants are Unix seconds. */
export function describeLoginAsJson(place: Pick<Place, 'home' | 'profile'>, credential: Credential): string {
  return printableJson(loginFields(place, credential))
}

/** The same as an object. */
export function loginFields(place: Pick<Place, 'home' | 'profile'>, credential: Credential) {
  const { user } = credential
  return {
    profile: place.profile,
    user: user ? { id: user.id, display_name: user.displayName } : null,
    client_id: credential.clientId,
    scope: credential.scope.join(' '),
    expires_at: Math.floor(credential.expiresAtMs / 1000),
    authorized_at: Math.floor(credential.authorizedAtMs / 1000),
    authorization_ends_at: Math.floor(authorizationEndsAtMs(credential) / 1000),
    file: credentialFile(place),
  }
}

/** ` as Ada Lovelace (ada)`; empty where Spotify would not say. */
export function asWhom({ user }: Credential): string {
  return user ? ` as ${nameOf(user)}` : ''
}

/** `Ada Lovelace (ada)`. */
export function nameOf({ id, displayName }: User): string {
  return sanitize(displayName ? `${displayName} (${id})` : id)
}

/** `20 May 2027`. */
export function dayOf(ms: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(ms)
}
