import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { Authorization } from '../oauth/spotify-accounts.ts'
import { hasBrowser, openBrowser } from './browser.ts'
import { type ExpectedCallback, judgeRequest } from './callback-request.ts'
import type { CallbackServer } from './callback-server.ts'
import { renderInvitation } from './invitation.ts'
import { judgePastedUrl, readHiddenLines } from './pasted-url.ts'
import { portOf, withPort } from './redirect-uri.ts'
import { waitForCallback } from './wait.ts'

interface Waiting {
  /** As it is registered with the app. */
  redirectUri: string
  port?: number
  withBrowser: boolean
  timeoutSeconds: number
}

/** Sends the user to Spotify and takes the callback: from the listener, or pasted into the terminal. */
export async function receiveCallback(
  context: Pick<Context, 'accountsUrl' | 'env' | 'now' | 'signal' | 'stderr' | 'stdin'>,
  request: Waiting,
  { url: authorizeUrl, redirectUri, state }: Authorization,
  server: CallbackServer | undefined,
): Promise<URLSearchParams> {
  const { stdin, stderr } = context
  const canPaste = stdin.isTTY && stderr.isTerminal && !stdin.readableEnded
  if (!server && !canPaste) {
    throw new SpotifyAuthError(
      'config',
      'With an https: redirect URI its address must be pasted, and there is no terminal.',
      {
        hint: 'Run it in a terminal, or use a redirect URI on 127.0.0.1.',
      },
    )
  }
  const shortLink = { path: `/${randomBytes(16).toString('base64url')}`, authorizeUrl }
  const expected = { redirectUri: new URL(redirectUri), state, issuer: context.accountsUrl }
  const ways: Promise<URLSearchParams>[] = []
  if (server) ways.push(server.waitFor((received) => judgeRequest(received, expected, shortLink)))

  const opens = request.withBrowser && hasBrowser(context.env)
  const link = server && new URL(shortLink.path, redirectUri).href
  stderr.write(`${renderInvitation({ authorizeUrl, shortLink: link, opens, canPaste })}\n`)
  if (opens) {
    // Not awaited: an opener that hangs must not keep anybody from logging in.
    void openBrowser(context.env, authorizeUrl).then((started) => {
      if (!started) stderr.write('The browser could not be started; please open the address above.\n')
    })
  }

  const pasted = canPaste ? takePastedUrl(context, expected) : undefined
  if (pasted) ways.push(pasted.callback)
  try {
    const { port, timeoutSeconds } = request
    const anyPort = (port ?? portOf(request.redirectUri) ?? 0) === 0
    const registeredUri = anyPort ? withPort(redirectUri, undefined) : redirectUri
    return await waitForCallback(context, Promise.race(ways), {
      redirectUri,
      registeredUri,
      timeoutSeconds,
      canPaste,
    })
  } finally {
    pasted?.stop()
  }
}

/** Reads what is pasted until it is our callback's address; what is not gets a word of help. */
function takePastedUrl({ stdin, stderr }: Pick<Context, 'stdin' | 'stderr'>, expected: ExpectedCallback) {
  let stop = () => {}
  const callback = new Promise<URLSearchParams>((resolve) => {
    stop = readHiddenLines(stdin, (line) => {
      const verdict = judgePastedUrl(line, expected)
      if ('parameters' in verdict) resolve(verdict.parameters)
      else stderr.write(`\r\u001b[K${verdict.problem}\n`)
    })
  })
  return { callback, stop }
}
