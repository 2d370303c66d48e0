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
import { hasBrowser, openBrowser } from './browser.ts'
import { type ExpectedCallback, judgeRequest } from './callback-request.ts'
import { type CallbackServer, startCallbackServer } from './callback-server.ts'
import { renderInvitation } from './invitation.ts'
import { judgePastedUrl, readHiddenLines } from './pasted-url.ts'
import { isListenable, portOf, readRedirectUri, withPort } from './redirect-uri.ts'
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
  // Better told now than after the user has agreed.
  await withLock(context, async () => prepareSave(context).abandon())
  const server = isListenable(readRedirectUri(context, request.redirectUri))
    ? await startCallbackServer(request.redirectUri, request.port ?? portOf(request.redirectUri) ?? 0)
    : undefined
  try {
    const redirectUri = server ? withPort(request.redirectUri, server.port) : request.redirectUri
    const authorization = await beginAuthorization(context, request.app, { ...request, redirectUri })
    const callback = await receiveCallback(context, request, authorization, server)
    try {
      const tokens = await exchangeCode(stoppable(context), request.app, authorization, callback)
      const credential = firstCredential(request, tokens, context.now())
      await withLock(context, async (journal) => {
        save(context, credential)
        journal.close()
      })
      await server?.show(allSet)
      return credential
    } catch (error) {
      await server?.show(pageFor(error))
      throw error
    }
  } finally {
    await server?.close()
  }
}

/** The same context with requests that a signal ends at once: nothing is lost by asking again. */
export function stoppable(context: Context): Context {
  const { request, signal } = context
  return { ...context, request: (url, options) => request(url, { ...options, signal }) }
}

/** Notes whose login this is, unless another one has taken its place. */
export async function nameLogin(context: Context, credential: Credential, user: User): Promise<Credential> {
  return withLock(context, async () => {
    const stored = readCredential(context)
    if (stored?.authorizedAtMs !== credential.authorizedAtMs) return { ...credential, user }
    const named = { ...stored, user }
    saveCredential(context, named)
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

  const opens = request.withBrowser && hasBrowser(context.env)
  const link = server && new URL(shortLink.path, redirectUri).href
  stderr.write(`${renderInvitation({ authorizeUrl, shortLink: link, opens, canPaste })}\n`)
  if (opens) {
    // Not awaited: an opener that hangs must not keep anybody from logging in.
    void openBrowser(context, authorizeUrl).then((started) => {
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
    // As exact as the file, so that it can be compared with what is stored.
    authorizedAtMs: Math.floor(nowMs / 1000) * 1000,
  }
}

/** A file in the way that is not a login is kept beside the new one. */
function save(context: Context, credential: Credential): void {
  const save = prepareSave(context)
  try {
    readCredential(context)
  } catch {
    context.stderr.write(`What was not a login was moved to ${moveAside(context)}
`)
  }
  save.commit(credential)
}

function pageFor(error: unknown): ResultPage {
  if (!(error instanceof SpotifyAuthError)) return refused
  return error.code === 'login_denied' ? denied : error.code === 'storage' ? notSaved : refused
}
