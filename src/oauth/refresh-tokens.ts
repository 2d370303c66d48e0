import { type AccountsServer, type App, sendGrant } from './accounts-server.ts'
import { readTokens, type Tokens } from './token-response.ts'

// oauth4webapi writes the same request, but with the `Headers` of Node's fetch, which take as long to load as half of a
// start of Node. Every hour somebody waits for this one.

/**
 * Asks for a new access token (RFC 6749 6).
 * Throws `login_expired` when the refresh token is no longer accepted; every other error leaves it as good as it was.
 */
export async function refreshTokens(
  accounts: AccountsServer,
  app: App,
  refreshToken: string,
): Promise<Tokens> {
  const response = await sendGrant(accounts, app, grantOf(app, refreshToken))
  return readTokens(accounts.commandLine, response, {
    code: 'login_expired',
    message: 'Spotify no longer accepts this refresh token.',
  })
}

/** An app without a secret says in the form who it is; one with a secret does in a header (RFC 6749 2.3.1, 3.2.1). */
function grantOf({ clientId, clientSecret }: App, refreshToken: string) {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  }
  if (clientSecret) headers.authorization = `Basic ${btoa(`${encoded(clientId)}:${encoded(clientSecret)}`)}`
  else form.set('client_id', clientId)
  return { headers, body: form.toString() }
}

/** As in a form. */
function encoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
