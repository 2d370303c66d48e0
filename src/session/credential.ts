import type { Tokens } from '../oauth/token-answer.ts'

/** A login as it is kept on disk: the tokens of one profile, and the app that they belong to. */
export interface Credential {
  clientId: string
  /** Only for an app that has one. */
  clientSecret?: string
  accessToken: string
  expiresAtMs: number
  refreshToken: string
  /** What the user has granted. */
  scope: string[]
  /** When the user agreed in the browser; Spotify counts the refresh token's six months from there. */
  authorizedAtMs: number
  /** Missing when Spotify would not say. */
  user?: User
  /** Why Spotify no longer accepts it; only a new login helps. */
  ended?: Ending
}

const endings = ['expired', 'revoked', 'interrupted'] as const

/**
 * The six months are over, the user removed the app, or a renewal was cut off before its answer was kept.
 * @useDeclaredType
 */
export type Ending = (typeof endings)[number]

/** Whose login it is. */
export interface User {
  id: string
  /** Null for a user who has chosen none. */
  displayName: string | null
}

/** The instant at which Spotify ends the login: six months after the authorization, whatever was refreshed since. */
export function authorizationEndsAtMs({ authorizedAtMs }: Pick<Credential, 'authorizedAtMs'>): number {
  const end = new Date(authorizedAtMs)
  const day = end.getUTCDate()
  end.setUTCMonth(end.getUTCMonth() + 6)
  // 31 August plus six months is a day that February does not have: take February's last.
  if (end.getUTCDate() !== day) end.setUTCDate(0)
  return end.getTime()
}

export const dayMs = 86_400_000

/** Why Spotify refuses a refresh token; `wasInterrupted` when an earlier answer with another one may have been lost. */
export function whyEnded(credential: Credential, nowMs: number, wasInterrupted = false): Ending {
  // Spotify's six months and ours may differ by a day.
  if (nowMs > authorizationEndsAtMs(credential) - dayMs) return 'expired'
  return wasInterrupted ? 'interrupted' : 'revoked'
}

/** Spotify's access tokens live an hour. */
export const longestLifeMs = 3_600_000

/** What a token answer changes of a credential; an answer without a refresh token keeps the one that there is. */
export function renewed(credential: Credential, tokens: Tokens, nowMs: number): Credential {
  return {
    ...credential,
    accessToken: tokens.accessToken,
    expiresAtMs: expiryOf(tokens, nowMs),
    refreshToken: tokens.refreshToken ?? credential.refreshToken,
    scope: tokens.scope ?? credential.scope,
  }
}

/** Never more than Spotify's hour, so that an instant further away is known to come from another clock. */
export function expiryOf({ expiresInSeconds }: Pick<Tokens, 'expiresInSeconds'>, nowMs: number): number {
  return nowMs + Math.min(expiresInSeconds * 1000, longestLifeMs)
}

const version = 1

/** The file's text: RFC 6749's names, instants as Unix seconds. */
export function serializeCredential(credential: Credential): string {
  const { user } = credential
  const fields = {
    version,
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
    access_token: credential.accessToken,
    expires_at: Math.floor(credential.expiresAtMs / 1000),
    refresh_token: credential.refreshToken,
    scope: credential.scope.join(' '),
    authorized_at: Math.floor(credential.authorizedAtMs / 1000),
    user: user && { id: user.id, display_name: user.displayName },
    ended: credential.ended,
  }
  return `${JSON.stringify(fields, null, 2)}\n`
}

/** Reads the file's text field by field; throws a TypeError or SyntaxError that names the first field that is wrong. */
export function parseCredential(text: string): Credential {
  const fields = asObject(JSON.parse(text), 'it')
  if (fields.version !== version) throw new TypeError('another version of it wrote the file')
  const credential: Credential = {
    clientId: stringField(fields, 'client_id'),
    accessToken: stringField(fields, 'access_token'),
    expiresAtMs: secondsField(fields, 'expires_at') * 1000,
    refreshToken: stringField(fields, 'refresh_token'),
    scope: splitScope(fields.scope),
    authorizedAtMs: secondsField(fields, 'authorized_at') * 1000,
  }
  if (fields.client_secret !== undefined) credential.clientSecret = stringField(fields, 'client_secret')
  if (fields.user !== undefined) credential.user = readUser(fields.user)
  if (fields.ended !== undefined) credential.ended = readEnding(fields.ended)
  return credential
}

type Fields = Record<string, unknown>

function asObject(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new TypeError(`${name} is not an object`)
}

function stringField(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`its ${name} is not a text`)
}

function secondsField(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new TypeError(`its ${name} is not a number`)
}

function splitScope(value: unknown): string[] {
  if (typeof value !== 'string') throw new TypeError('its scope is not a text')
  return value.split(' ').filter(Boolean)
}

function readUser(value: unknown): User {
  const fields = asObject(value, 'its user')
  const displayName = fields.display_name
  return { id: stringField(fields, 'id'), displayName: typeof displayName === 'string' ? displayName : null }
}

function readEnding(value: unknown): Ending {
  const ending = endings.find((each) => each === value)
  if (ending) return ending
  throw new TypeError('its ended is not a reason')
}
