import type { Tokens } from '../oauth/token-response.ts'

/** A login: its tokens, and the app that they belong to. */
export interface Credential {
  /** The client id of the app in Spotify's dashboard. */
  clientId: string
  /** Only for an app that has one; its fingerprint where a credential helper keeps it. */
  clientSecret?: string
  /** Empty when the login has ended. */
  accessToken: string
  /** When the access token expires, in Unix milliseconds. */
  expiresAtMs: number
  /** Where the login has ended, or a credential helper keeps it, only a fingerprint of it: `sha256:…`. */
  refreshToken: string
  /** The scopes that the user has granted. */
  scopes: string[]
  /** When the user agreed in the browser, in Unix milliseconds; Spotify counts the login's six months from there. */
  authorizedAtMs: number
  /** Tells this login from every other one of the same user; missing for a login in a program's own store. */
  loginId?: string
  /** Missing where Spotify was not asked, or would not say. */
  user?: User
  /** The credential helper that keeps the refresh token and the app's secret; missing where they are kept with the rest. */
  credentialHelper?: string
  /** Why Spotify no longer accepts the login; only a new one helps. */
  ended?: Ending
}

export const endings = ['expired', 'revoked', 'interrupted'] as const

/**
 * Why a login has ended: `expired`, because its six months are over; `revoked`, because Spotify no longer accepts it
 * otherwise, such as when the user removed the app; `interrupted`, because a refresh was cut off before the tokens that
 * it received were saved.
 * @useDeclaredType
 */
export type Ending = (typeof endings)[number]

/** Whose login it is. */
export interface User {
  /** Spotify's id of the user. */
  id: string
  /** The name that the user has chosen; null where there is none. */
  displayName: string | null
}

/** A text that differs from login to login: the id, or where there is none the time of the authorization. */
export function identityOf({ loginId, authorizedAtMs }: Credential): string {
  return loginId ?? `${authorizedAtMs}`
}

/** Spotify's access tokens live an hour. */
const longestLifeMs = 3_600_000

const clockToleranceMs = 60_000

/** Whether the access token is good for at least `minTtlSeconds` by our clock. */
export function isFresh(
  { expiresAtMs }: Pick<Credential, 'expiresAtMs'>,
  nowMs: number,
  minTtlSeconds: number,
): boolean {
  const leftMs = expiresAtMs - nowMs
  // A token that claims more than its hour was stored by another clock.
  return leftMs >= minTtlSeconds * 1000 && leftMs <= longestLifeMs + clockToleranceMs
}

/**
 * When an access token that was received now ends, in Unix milliseconds: never more than Spotify's hour away, so that
 * an instant further away is known to come from another clock.
 */
export function expiryOf({ expiresInSeconds }: Pick<Tokens, 'expiresInSeconds'>, nowMs: number): number {
  return nowMs + Math.min(expiresInSeconds * 1000, longestLifeMs)
}

/** The login with the tokens of a refresh; a response without a refresh token keeps the stored one. */
export function withTokens(credential: Credential, tokens: Tokens, nowMs: number): Credential {
  return {
    ...credential,
    accessToken: tokens.accessToken,
    expiresAtMs: expiryOf(tokens, nowMs),
    refreshToken: tokens.refreshToken ?? credential.refreshToken,
    scopes: tokens.scopes ?? credential.scopes,
  }
}

export const dayMs = 86_400_000

/** The instant at which Spotify ends the login: six months after the authorization, however often it was refreshed since. */
export function authorizationEndsAtMs({ authorizedAtMs }: Pick<Credential, 'authorizedAtMs'>): number {
  const end = new Date(authorizedAtMs)
  const day = end.getUTCDate()
  end.setUTCMonth(end.getUTCMonth() + 6)
  // 31 August plus six months is a day that February does not have: take February's last.
  if (end.getUTCDate() !== day) end.setUTCDate(0)
  return end.getTime()
}

/** How long before the end of the login the user is reminded. */
const reminderDays = 14

/** Whether the login ends so soon that the user is to be reminded. */
export function endsSoon(credential: Credential, nowMs: number): boolean {
  return authorizationEndsAtMs(credential) - nowMs < reminderDays * dayMs
}
