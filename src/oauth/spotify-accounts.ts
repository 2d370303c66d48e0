import type * as OAuth from 'oauth4webapi'
import { type Context, commandLine } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'
import { respectRateLimit } from '../rate-limit.ts'
import { sanitize } from '../terminal/sanitize.ts'
import { type FirstTokens, readTokens, type Tokens } from './token-answer.ts'

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

type Door = Pick<Context, 'accountsUrl' | 'request' | 'env' | 'home' | 'profile' | 'now'>

/** Builds the authorize URL with a fresh state and PKCE verifier (RFC 6749 4.1.1, RFC 7636 4.3). */
export async function beginAuthorization(
  { accountsUrl }: Pick<Context, 'accountsUrl'>,
  app: App,
  { redirectUri, scope, showDialog }: { redirectUri: string; scope: string[]; showDialog?: boolean },
): Promise<Authorization> {
  const oauth = await import('oauth4webapi')
  const state = oauth.generateRandomState()
  const codeVerifier = oauth.generateRandomCodeVerifier()
  const url = new URL(`${accountsUrl}/authorize`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: scope.join(' '),
    state,
    code_challenge_method: 'S256',
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    ...(showDialog && { show_dialog: 'true' }),
  }).toString()
  return { url: url.href, state, codeVerifier, redirectUri }
}

/**
 * Exchanges the code of a callback for tokens (RFC 6749 4.1.3, RFC 7636 4.5).
 * Throws `login_denied` when the callback says so, `login_failed`, `network`, `unavailable` or `rate_limited`.
 */
export async function exchangeCode(
  door: Door,
  app: App,
  authorization: Authorization,
  callback: URLSearchParams,
): Promise<FirstTokens> {
  const oauth = await import('oauth4webapi')
  const { server, client, authentication } = describeParties(oauth, door, app)
  let parameters: URLSearchParams
  try {
    parameters = oauth.validateAuthResponse(server, client, callback, authorization.state)
  } catch (error) {
    throw error instanceof oauth.AuthorizationResponseError ? denied(door, error) : notAnAnswer(door, error)
  }
  const answer = await throughDoor(oauth, door, (options) =>
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
  const { refreshToken, ...tokens } = readTokens(door, answer, {
    code: 'login_failed',
    message: 'Spotify did not accept the code that it had just issued.',
  })
  if (refreshToken === undefined) {
    throw new SpotifyAuthError('unavailable', 'Spotify answered the login without a refresh token.', {
      hint: `Run it again: ${commandLine(door, 'login')}`,
    })
  }
  return { ...tokens, refreshToken }
}

/**
 * Asks for a new access token (RFC 6749 6).
 * Throws `login_expired` when the refresh token is no longer accepted; every other error leaves it as good as it was.
 */
export async function refreshTokens(door: Door, app: App, refreshToken: string): Promise<Tokens> {
  const oauth = await import('oauth4webapi')
  const { server, client, authentication } = describeParties(oauth, door, app)
  const answer = await throughDoor(oauth, door, (options) =>
    oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
  )
  return readTokens(door, answer, {
    code: 'login_expired',
    message: 'Spotify no longer accepts this refresh token.',
  })
}

function describeParties(oauth: typeof OAuth, { accountsUrl }: Door, app: App) {
  const server: OAuth.AuthorizationServer = {
    issuer: accountsUrl,
    token_endpoint: `${accountsUrl}/api/token`,
  }
  const client: OAuth.Client = { client_id: app.clientId }
  const authentication = app.clientSecret ? oauth.ClientSecretBasic(app.clientSecret) : oauth.None()
  return { server, client, authentication }
}

type GrantOptions = OAuth.TokenEndpointRequestOptions

/** Lets the library write a grant's request and our own door carry it; the answer is read here, not there. */
async function throughDoor(
  oauth: typeof OAuth,
  door: Door,
  grant: (options: GrantOptions) => Promise<Response>,
): Promise<HttpAnswer> {
  respectRateLimit(door, 'accounts')
  let answer: HttpAnswer | undefined
  await grant({
    // The context has made sure that plain http goes to this machine only.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (url, { method, headers, body }) => {
      answer = await door.request(url, { method, headers, body: String(body), maxBytes: 64 * 1024 })
      return new Response()
    },
  })
  if (!answer) throw new TypeError('the grant made no request')
  return answer
}

function notAnAnswer(door: Door, cause: unknown): SpotifyAuthError {
  return new SpotifyAuthError('login_failed', 'What came back from Spotify is not an answer to this login.', {
    hint: `Run it again: ${commandLine(door, 'login')}`,
    cause,
  })
}

function denied(door: Door, error: OAuth.AuthorizationResponseError): SpotifyAuthError {
  if (error.error === 'access_denied') {
    return new SpotifyAuthError('login_denied', 'You did not agree in the browser; nothing was changed.', {
      hint: `To log in after all: ${commandLine(door, 'login')}`,
    })
  }
  const description = error.error_description ? `: ${sanitize(error.error_description)}` : ''
  return new SpotifyAuthError('login_failed', `Spotify refused (${sanitize(error.error)}${description}).`, {
    hint: 'Compare the client id, redirect URI and scopes with the app in https://developer.spotify.com/dashboard.',
  })
}
