import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { Authorization } from '../oauth/authorization.ts'
import { interruptedBy } from '../terminal/hang-up.ts'
import { hasBrowser, openBrowser } from './browser.ts'
import { type ExpectedCallback, judgeRequest } from './callback-request.ts'
import type { CallbackServer } from './callback-server.ts'
import { renderInvitation } from './invitation.ts'
import { openWays } from './links.ts'
import { judgePastedUrl, readHiddenLines } from './pasted-url.ts'
import { isOfAnotherUser } from './peer.ts'
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
  context: Pick<Context, 'accountsUrl' | 'commandLine' | 'env' | 'now' | 'signal' | 'stderr' | 'stdin'>,
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
  const out = openWays(authorizeUrl, context.commandLine)
  const expected = { redirectUri: new URL(redirectUri), state, issuer: context.accountsUrl }
  const ways: Promise<URLSearchParams>[] = [out.openedTwice]
  if (server) {
    const callback = server.waitFor((received) => {
      const verdict = judgeRequest(received, expected, out.paths)
      // The system's table of connections is read only for a request that would be answered.
      if ('status' in verdict) return verdict
      if (isOfAnotherUser(received.socket, context.env.SUDO_UID)) return { status: 403 }
      return 'link' in verdict ? out.answer(verdict.link) : verdict
    })
    ways.push(callback)
  }

  const linkOf = (path: string) => new URL(path, redirectUri).href
  // Where nothing listens there is no link that works once, and the address itself is no argument: it holds the state.
  const opens = server !== undefined && request.withBrowser && hasBrowser(context.env)
  const shortLink = server && linkOf(out.paths.shown)
  stderr.write(`${renderInvitation({ authorizeUrl, shortLink, opens, canPaste })}\n`)
  let isOver = false
  if (opens) {
    const isDone = () => isOver || out.isOpened()
    const say = (text: string) => stderr.write(`${stderr.isTerminal ? '\r\u001b[K' : ''}${text}\n`)
    const tell = (failure: string) => say(`The browser could not be started (${failure}).`)
    // Not awaited: an opener that hangs must not keep anybody from logging in.
    void openBrowser(context.env, linkOf(out.paths.opened), { isDone, tell }).then((isOpen) => {
      if (!isOpen) say('Please open the address above.')
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
    isOver = true
    pasted?.stop()
  }
}

/** Reads what is pasted until it is the address of our callback; after anything else, says what to paste. */
function takePastedUrl({ stdin, stderr }: Pick<Context, 'stdin' | 'stderr'>, expected: ExpectedCallback) {
  let stop = () => {}
  const callback = new Promise<URLSearchParams>((resolve, reject) => {
    const take = (line: string) => {
      const verdict = judgePastedUrl(line, expected)
      if ('parameters' in verdict) resolve(verdict.parameters)
      else stderr.write(`\r\u001b[K${verdict.problem}\n`)
    }
    stop = readHiddenLines(stdin, take, () => reject(interruptedBy('SIGHUP')))
  })
  return { callback, stop }
}
