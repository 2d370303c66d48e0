import type * as OAuth from 'oauth4webapi'
import { type Context, commandLine } from '../context.ts'
import { type ErrorCode, SpotifyAuthError } from '../errors.ts'
import { parseFields } from '../fields.ts'
import type { HttpAnswer } from '../http.ts'
import { rememberRateLimit, respectRateLimit } from '../rate-limit.ts'
import { sanitize } from '../terminal/sanitize.ts'

/** An app of Spotify's dashboard: with PKCE it needs no secret, and for one that has a secret both are sent. */
export interface App {
  clientId: string
  clientSecret?: string
}

/** What the token endpoint answered, read field by field. */
export interface Tokens {
  accessToken: string
  expiresInSeconds: number
  /** Undefined when the answer has none, null or an empty one: the refresh token in use then stays valid. */
  refreshToken: string | undefined
  /** Undefined when the answer does not say: it is then the scope that was asked for (RFC 6749, 5.1). */
  scope: string[] | undefined
}

/** The answer to a code, which always has a refresh token. */
export type FirstTokens = Tokens & { refreshToken: string }

/** A login that has begun: what its callback is held against. */
export interface Authorization {
  /** Where the user agrees. */
  url: string
  state: string
  codeVerifier: string
  redirectUri: string
}

/** An answer without an access token; a refresh token in it may already have replaced the one that was sent. */
export class UnusableTokens extends SpotifyAuthError {
  readonly refreshToken: string | undefined

  constructor(refreshToken: string | undefined) {
    super('unavailable', 'Spotify answered with something that is not a token.', {
      hint: 'A captive portal or proxy may be in between; try again later.',
    })
    this.refreshToken = refreshToken
  }
}

type Door = Pick<Context, 'accountsUrl' | 'request' | 'home' | 'profile' | 'now'>

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

/** What `invalid_grant` means for the grant at hand. */
type Refusal = { code: ErrorCode; message: string }

// The library's own reading refuses answers that Spotify gives (a refresh token of null), so the fields are read here.
function readTokens(door: Door, answer: HttpAnswer, refused: Refusal): Tokens {
  const { status, body } = answer
  const fields = parseFields(body)
  if (status !== 200) throw tokenError(door, answer, fields, refused)
  const { access_token, expires_in, refresh_token, scope } = fields
  const refreshToken = isToken(refresh_token) ? refresh_token : undefined
  if (!isToken(access_token)) throw new UnusableTokens(refreshToken)
  return {
    accessToken: access_token,
    expiresInSeconds: readSeconds(expires_in),
    refreshToken,
    scope: typeof scope === 'string' && scope !== '' ? scope.split(' ').filter(Boolean) : undefined,
  }
}

/** Visible ASCII (RFC 6749, A.12), so that it can stand in a header and on a terminal. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

/** Spotify's hour where the answer has no usable lifetime: guessing less would refresh in a loop. */
function readSeconds(value: unknown): number {
  const seconds = Number(value)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 3600
}

function tokenError(
  door: Door,
  answer: HttpAnswer,
  fields: Record<string, unknown>,
  refused: Refusal,
): SpotifyAuthError {
  const error = fields.error
  const { status } = answer
  if (status === 429) return rememberRateLimit(door, 'accounts', answer)
  if (status >= 500 || typeof error !== 'string') {
    return new SpotifyAuthError('unavailable', `Spotify's accounts server answered with status ${status}.`, {
      hint: 'Nothing was changed; try again later.',
    })
  }
  if (error === 'invalid_grant') {
    return new SpotifyAuthError(refused.code, refused.message, {
      hint: `Run: ${commandLine(door, 'login')}`,
    })
  }
  const description =
    typeof fields.error_description === 'string' ? `: ${sanitize(fields.error_description)}` : ''
  const hint =
    error === 'invalid_client'
      ? 'Compare the client id, and the secret if you use one, with the app in https://developer.spotify.com/dashboard.'
      : `Run: ${commandLine(door, 'login')}`
  return new SpotifyAuthError('login_failed', `Spotify refused (${sanitize(error)}${description}).`, { hint })
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
