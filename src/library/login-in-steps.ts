import { SpotifyAuthError } from '../errors.ts'
import { isOurs } from '../login/callback-request.ts'
import { readRedirectUri } from '../login/redirect-uri.ts'
import { beginAuthorization, exchangeCode } from '../oauth/spotify-accounts.ts'
import { type Credential, expiryOf } from '../session/credential.ts'
import { spotifyServers } from './spotify-servers.ts'

/** The app to log in with, and the scopes to request. */
export interface LoginRequest {
  /** The client id of the app in Spotify's dashboard. */
  clientId: string
  /** The redirect URI, exactly as it is registered with the app. */
  redirectUri: string
  /** The scopes to request; `readScopes` makes them of words such as `player`. */
  scopes: readonly string[]
  /** Shows Spotify's page even to a user who has agreed before, for instance to change the account. */
  showDialog?: boolean
}

/**
 * A login that has begun: plain data, which can be kept as JSON. Keep it with the web session of the browser that is
 * sent to `url`: anyone else who obtains it could complete the login.
 */
export interface PendingLogin {
  /** Spotify's page on which the user agrees: send the browser there. */
  url: string
  /** The random value that the callback has to repeat (RFC 6749 10.12). */
  state: string
  /** The PKCE secret that the code is exchanged with (RFC 7636). */
  codeVerifier: string
  /** As in the request. */
  clientId: string
  /** As in the request. */
  redirectUri: string
  /** As in the request. */
  scopes: readonly string[]
}

/**
 * Begins a login with a fresh state and PKCE verifier (RFC 6749 4.1.1, RFC 7636); makes no request.
 * Throws `config` for a redirect URI that Spotify refuses.
 */
export async function beginLogin(request: LoginRequest): Promise<PendingLogin> {
  const accounts = spotifyServers()
  const { clientId, redirectUri, scopes, showDialog } = request
  // The URI itself is passed on as it was given, because Spotify compares it letter by letter.
  readRedirectUri(accounts, redirectUri)
  const authorization = await beginAuthorization(accounts, { clientId }, { redirectUri, scopes, showDialog })
  return { ...authorization, clientId, scopes }
}

/**
 * Completes a login: checks the URL that the browser came back to, and exchanges the code in it for tokens (RFC 6749
 * 4.1.3). `callbackUrl` is absolute, or starts with the path. A code can be exchanged once. The result has no `user`;
 * `getCurrentUser` asks for it.
 * Throws `SpotifyAuthError`: `login_failed` when the URL does not belong to this login or Spotify refuses the code,
 * `login_denied` when the user did not agree, and `network`, `unavailable` or `rate_limited`.
 */
export async function completeLogin(
  pending: PendingLogin,
  callbackUrl: string,
  options: { clientSecret?: string } = {},
): Promise<Credential> {
  const accounts = spotifyServers()
  // Anyone can send a server a path that is not a valid URL.
  const callback = URL.canParse(callbackUrl, pending.redirectUri)
    ? new URL(callbackUrl, pending.redirectUri).searchParams
    : new URLSearchParams()
  if (!isOurs(callback, { state: pending.state, issuer: accounts.accountsUrl })) {
    throw new SpotifyAuthError('login_failed', 'This URL does not belong to the login that was begun.')
  }
  const app = { clientId: pending.clientId, clientSecret: options.clientSecret }
  const tokens = await exchangeCode(accounts, app, pending, callback)
  const now = accounts.now()
  return {
    ...app,
    accessToken: tokens.accessToken,
    expiresAtMs: expiryOf(tokens, now),
    refreshToken: tokens.refreshToken,
    scopes: tokens.scopes ?? [...pending.scopes],
    authorizedAtMs: now,
  }
}
