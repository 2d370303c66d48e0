import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import {
  type App,
  type Authorization,
  beginAuthorization,
  exchangeCode,
  type FirstTokens,
} from '../oauth/spotify-accounts.ts'
import { type Credential, expiryOf, type User } from '../session/credential.ts'
import { moveAside, prepareSave, saveCredential } from '../session/credential-save.ts'
import { readCredential } from '../session/credential-store.ts'
import { withLock } from '../session/lock.ts'
import { openBrowser } from './browser.ts'
import { type ExpectedCallback, judgeRequest } from './callback-request.ts'
import { type CallbackServer, startCallbackServer } from './callback-server.ts'
import { renderInvitation } from './invitation.ts'
import { judgePastedUrl, readHiddenLines } from './pasted-url.ts'
import { isListenable, readRedirectUri, withPort } from './redirect-uri.ts'
import { allSet, denied, notSaved, type ResultPage, refused } from './result-page.ts'
import { waitForCallback } from './wait.ts'

export interface LoginRequest {
  app: App
  /** As it is registered with the app. */
  redirectUri: string
  /** Listen on this port instead of the redirect URI's; 0 is any free one. */
  port?: number
  scope: string[]
  showDialog?: boolean
  withBrowser: boolean
  timeoutSeconds: number
}

/**
 * Logs in: listen, send the user to Spotify, take the callback, exchange its code, save.
 * Resolves when the login is on disk and the listener is closed; until then an older login stays as it is.
 */
export async function login(context: Context, request: LoginRequest): Promise<Credential> {
  const registered = readRedirectUri(context, request.redirectUri)
  // Better told now than after the user has agreed.
  await withLock(context, async () => prepareSave(context).abandon())
  const server = isListenable(registered)
    ? await startCallbackServer(registered.hostname, request.port ?? Number(registered.port))
    : undefined
  try {
    const redirectUri = server ? withPort(request.redirectUri, server.port) : request.redirectUri
    const authorization = await beginAuthorization(context, request.app, { ...request, redirectUri })
    const callback = await receiveCallback(context, request, authorization, server)
    try {
      const tokens = await exchangeCode(context, request.app, authorization, callback)
      const credential = firstCredential(request, tokens, context.now())
      await withLock(context, async () => save(context, credential))
      await server?.show(allSet)
      context.signal.throwIfAborted()
      return credential
    } catch (error) {
      await server?.show(pageFor(error))
      throw error
    }
  } finally {
    await server?.close()
  }
}

/** Notes whose login this is, unless another one has taken its place. */
export async function nameLogin(context: Context, credential: Credential, user: User): Promise<Credential> {
  return withLock(context, async () => {
    const named = { ...credential, user }
    if (readCredential(context)?.refreshToken === credential.refreshToken) saveCredential(context, named)
    return named
  })
}

/** Sends the user to Spotify and takes the callback: from the listener, or pasted into the terminal. */
async function receiveCallback(
  context: Context,
  request: LoginRequest,
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

  const opened = request.withBrowser && (await openBrowser(context, authorizeUrl))
  const link = server && new URL(shortLink.path, redirectUri).href
  stderr.write(`${renderInvitation({ authorizeUrl, shortLink: link, opened, canPaste })}\n`)

  const pasted = canPaste ? takePastedUrl(context, expected) : undefined
  if (pasted) ways.push(pasted.callback)
  try {
    const { port, timeoutSeconds } = request
    const registeredUri = port === 0 ? withPort(redirectUri, undefined) : redirectUri
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
function takePastedUrl({ stdin, stderr }: Context, expected: ExpectedCallback) {
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

function firstCredential({ app, scope }: LoginRequest, tokens: FirstTokens, nowMs: number): Credential {
  return {
    ...app,
    accessToken: tokens.accessToken,
    expiresAtMs: expiryOf(tokens, nowMs),
    refreshToken: tokens.refreshToken,
    scope: tokens.scope ?? scope,
    authorizedAtMs: nowMs,
  }
}

/** A file in the way that is not a login is kept beside the new one. */
function save(context: Context, credential: Credential): void {
  try {
    readCredential(context)
  } catch {
    context.stderr.write(`What was not a login was moved to ${moveAside(context)}\n`)
  }
  saveCredential(context, credential)
}

function pageFor(error: unknown): ResultPage {
  if (!(error instanceof SpotifyAuthError)) return refused
  return error.code === 'login_denied' ? denied : error.code === 'storage' ? notSaved : refused
}
