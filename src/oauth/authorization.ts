import type * as OAuth from 'oauth4webapi'
import { SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'
import { quote } from '../untrusted/quote.ts'
import { type AccountsServer, type App, sendGrant } from './accounts-server.ts'
import { type FirstTokens, readTokens } from './token-response.ts'

/** A login that has begun: what its callback is held against. */
export interface Authorization {
  /** Where the user agrees. */
  url: string
  state: string
  codeVerifier: string
  redirectUri: string
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
  const server: OAuth.AuthorizationServer = {
    issuer: accounts.accountsUrl,
    token_endpoint: `${accounts.accountsUrl}/api/token`,
  }
  const client: OAuth.Client = { client_id: app.clientId }
  const authentication = app.clientSecret ? oauth.ClientSecretBasic(app.clientSecret) : oauth.None()
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
      hint: accounts.commandLine && `Run it again: ${accounts.commandLine('login')}`,
    })
  }
  return { ...tokens, refreshToken }
}

type GrantOptions = OAuth.TokenEndpointRequestOptions

/** Lets oauth4webapi write a grant's request, and sends it like every other request of the program. */
async function send(
  oauth: typeof OAuth,
  accounts: AccountsServer,
  app: App,
  grant: (options: GrantOptions) => Promise<Response>,
): Promise<HttpResponse> {
  let response: HttpResponse | undefined
  await grant({
    // The address was checked when it was read: plain http goes to this machine only.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (_, { headers, body }) => {
      response = await sendGrant(accounts, app, { headers, body: String(body) })
      return new Response()
    },
  })
  if (!response) throw new TypeError('the grant made no request')
  return response
}

function unreadable(accounts: AccountsServer, cause: unknown): SpotifyAuthError {
  return new SpotifyAuthError('login_failed', 'What came back from Spotify is not an answer to this login.', {
    hint: accounts.commandLine && `Run it again: ${accounts.commandLine('login')}`,
    cause,
  })
}

function denied(accounts: AccountsServer, error: OAuth.AuthorizationResponseError): SpotifyAuthError {
  if (error.error === 'access_denied') {
    return new SpotifyAuthError('login_denied', 'You did not agree in the browser; nothing was changed.', {
      hint: accounts.commandLine && `To log in after all: ${accounts.commandLine('login')}`,
    })
  }
  const description = error.error_description ? `: ${quote(error.error_description)}` : ''
  return new SpotifyAuthError('login_failed', `Spotify refused (${quote(error.error)}${description}).`, {
    hint: 'Compare the client id, redirect URI and scopes with the app in https://developer.spotify.com/dashboard.',
  })
}
