import type * as OAuth from 'oauth4webapi'
import { type CommandLine, SpotifyAuthError } from '../errors.ts'
import type { HttpResponse, Request } from '../network/http.ts'
import type { RateLimits } from '../network/rate-limits.ts'
import { quote } from '../untrusted/quote.ts'
import { type FirstTokens, readTokens, type Tokens } from './token-response.ts'

/** An app of Spotify's dashboard: with PKCE it needs no secret, and for one that has a secret both are sent. */
export interface App {
  clientId: string
  clientSecret?: string
}

/** A login that has begun: what its callback is held against. */
export interface Authorization {
  /** Where the user agrees. */
  url: string
  state: string
  codeVerifier: string
  redirectUri: string
}

/** Spotify's accounts server, or what stands in for it: all that a request to it needs. */
export interface AccountsServer {
  /** Without a slash at its end; `/authorize` and `/api/token` lie below it. */
  accountsUrl: string
  request: Request
  limits: RateLimits
  commandLine: CommandLine
}

/** Builds the authorize URL with a fresh state and PKCE verifier (RFC 6749 4.1.1, RFC 7636 4.3). */
export async function beginAuthorization(
  { accountsUrl }: Pick<AccountsServer, 'accountsUrl'>,
  app: App,
  {
    redirectUri,
    scopes,
    showDialog,
  }: { redirectUri: string; scopes: readonly string[]; showDialog?: boolean },
): Promise<Authorization> {
  const oauth = await import('oauth4webapi')
  const state = oauth.generateRandomState()
  const codeVerifier = oauth.generateRandomCodeVerifier()
  const url = new URL(`${accountsUrl}/authorize`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge_method: 'S256',
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    ...(showDialog && { show_dialog: 'true' }),
  }).toString()
  return { url: url.href, state, codeVerifier, redirectUri }
}

/**
 * Exchanges the code of a callback for tokens (RFC 6749 4.1.3, RFC 7636 4.5).
 * Throws `login_denied` when the user did not agree, `login_failed`, `network`, `unavailable` or `rate_limited`.
 */
export async function exchangeCode(
  accounts: AccountsServer,
  app: App,
  authorization: Authorization,
  callback: URLSearchParams,
): Promise<FirstTokens> {
  const oauth = await import('oauth4webapi')
  const { server, client, authentication } = describeParties(oauth, accounts, app)
  let parameters: URLSearchParams
  try {
    parameters = oauth.validateAuthResponse(server, client, callback, authorization.state)
  } catch (error) {
    throw error instanceof oauth.AuthorizationResponseError
      ? denied(accounts, error)
      : unreadable(accounts, error)
  }
  const response = await send(oauth, accounts, app, (options) =>
    oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      authorization.redirectUri,
      authorization.codeVerifier,
      options,
    ),
  )
  const { refreshToken, ...tokens } = readTokens(accounts.commandLine, response, {
    code: 'login_failed',
    message: 'Spotify did not accept the code that it had just issued.',
  })
  if (refreshToken === undefined) {
    throw new SpotifyAuthError('unavailable', 'Spotify answered the login without a refresh token.', {
      hint: `Run it again: ${accounts.commandLine('login')}`,
    })
  }
  return { ...tokens, refreshToken }
}

/**
 * Asks for a new access token (RFC 6749 6).
 * Throws `login_expired` when the refresh token is no longer accepted; every other error leaves it as good as it was.
 */
export async function refreshTokens(
  accounts: AccountsServer,
  app: App,
  refreshToken: string,
): Promise<Tokens> {
  const oauth = await import('oauth4webapi')
  const { server, client, authentication } = describeParties(oauth, accounts, app)
  const response = await send(oauth, accounts, app, (options) =>
    oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
  )
  return readTokens(accounts.commandLine, response, {
    code: 'login_expired',
    message: 'Spotify no longer accepts this refresh token.',
  })
}

function describeParties(oauth: typeof OAuth, { accountsUrl }: AccountsServer, app: App) {
  const server: OAuth.AuthorizationServer = {
    issuer: accountsUrl,
    token_endpoint: `${accountsUrl}/api/token`,
  }
  const client: OAuth.Client = { client_id: app.clientId }
  const authentication = app.clientSecret ? oauth.ClientSecretBasic(app.clientSecret) : oauth.None()
  return { server, client, authentication }
}

type GrantOptions = OAuth.TokenEndpointRequestOptions

/**
 * Lets oauth4webapi write a grant's request, and sends it like every other request of the program; returns the
 * response unread, unless it is a 429.
 */
async function send(
  oauth: typeof OAuth,
  accounts: AccountsServer,
  { clientId }: App,
  grant: (options: GrantOptions) => Promise<Response>,
): Promise<HttpResponse> {
  await accounts.limits.respect('accounts', clientId)
  let response: HttpResponse | undefined
  await grant({
    // The address was checked when it was read: plain http goes to this machine only.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (url, { method, headers, body }) => {
      response = await accounts.request(url, { method, headers, body: String(body), maxBytes: 64 * 1024 })
      return new Response()
    },
  })
  if (!response) throw new TypeError('the grant made no request')
  if (response.status === 429) throw await accounts.limits.remember('accounts', clientId, response)
  return response
}

function unreadable(accounts: AccountsServer, cause: unknown): SpotifyAuthError {
  return new SpotifyAuthError('login_failed', 'What came back from Spotify is not an answer to this login.', {
    hint: `Run it again: ${accounts.commandLine('login')}`,
    cause,
  })
}

function denied(accounts: AccountsServer, error: OAuth.AuthorizationResponseError): SpotifyAuthError {
  if (error.error === 'access_denied') {
    return new SpotifyAuthError('login_denied', 'You did not agree in the browser; nothing was changed.', {
      hint: `To log in after all: ${accounts.commandLine('login')}`,
    })
  }
  const description = error.error_description ? `: ${quote(error.error_description)}` : ''
  return new SpotifyAuthError('login_failed', `Spotify refused (${quote(error.error)}${description}).`, {
    hint: 'Compare the client id, redirect URI and scopes with the app in https://developer.spotify.com/dashboard.',
  })
}
