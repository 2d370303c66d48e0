import { SpotifyAuthError } from '../errors.ts'
import { isOurs } from '../login/callback-request.ts'
import { readRedirectUri } from '../login/redirect-uri.ts'
import { beginAuthorization, exchangeCode } from '../oauth/spotify-accounts.ts'
import { type Credential, expiryOf } from '../session/credential.ts'
import { worldWithoutFiles } from './world.ts'

/** What a login is to be for. */
export interface LoginRequest {
  /** Of the app in Spotify's dashboard. */
  clientId: string
  /** As it is registered with the app. */
  redirectUri: string
  /** Scopes of the Web API. */
  scopes: readonly string[]
  /** Lets the user agree anew, or change the account. */
  showDialog?: boolean
}

/** A login that has begun: plain data, to be kept for the browser that was sent to `url`, and for nobody else. */
export interface PendingLogin {
  /** Where the user agrees. */
  url: string
  state: string
  codeVerifier: string
  clientId: string
  redirectUri: string
  scopes: readonly string[]
}

/** Begins a login with a fresh state and PKCE verifier (RFC 6749 4.1.1, RFC 7636); nothing is asked of the network. */
export async function beginLogin(request: LoginRequest): Promise<PendingLogin> {
  const world = worldWithoutFiles()
  const { clientId, redirectUri, scopes, showDialog } = request
  // As it was given: Spotify compares letter by letter.
  readRedirectUri(world, redirectUri)
  const authorization = await beginAuthorization(
    world,
    { clientId },
    { redirectUri, scope: [...scopes], showDialog },
  )
  return { ...authorization, clientId, scopes }
}

/**
 * Ends it with the URL that the browser came back to, whole or from its path on: the code in it is exchanged, once.
 * Throws `SpotifyAuthError`: `login_failed` for what does not answer this login, `login_denied` when the user did not
 * agree, and `network`, `unavailable` or `rate_limited`.
 */
export async function completeLogin(
  pending: PendingLogin,
  callbackUrl: string,
  options: { clientSecret?: string } = {},
): Promise<Credential> {
  const world = worldWithoutFiles()
  // Anybody can send a server a path that is no URL.
  const callback = URL.canParse(callbackUrl, pending.redirectUri)
    ? new URL(callbackUrl, pending.redirectUri).searchParams
    : new URLSearchParams()
  if (!isOurs(callback, { state: pending.state, issuer: world.accountsUrl })) {
    throw new SpotifyAuthError('login_failed', 'This does not answer the login that was begun.')
  }
  const app = { clientId: pending.clientId, clientSecret: options.clientSecret }
  const tokens = await exchangeCode(world, app, pending, callback)
  const now = world.now()
  return {
    ...app,
    accessToken: tokens.accessToken,
    expiresAtMs: expiryOf(tokens, now),
    refreshToken: tokens.refreshToken,
    scope: tokens.scope ?? [...pending.scopes],
    authorizedAtMs: now,
  }
}
