import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { type App, beginAuthorization, exchangeCode } from '../oauth/spotify-accounts.ts'
import type { Credential } from '../session/credential.ts'
import { moveAside, readCredential, saveCredential } from '../session/credential-store.ts'
import { openBrowser } from './browser.ts'
import { judgeRequest } from './callback-request.ts'
import { startCallbackServer } from './callback-server.ts'
import { readRedirectUri, withPort } from './redirect-uri.ts'
import { allSet, denied, notSaved, type ResultPage, refused } from './result-page.ts'

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
  const registered = readRedirectUri(request.redirectUri)
  const server = await startCallbackServer(registered.hostname, request.port ?? Number(registered.port))
  try {
    const redirectUri = withPort(request.redirectUri, server.port)
    const authorization = await beginAuthorization(context, request.app, { ...request, redirectUri })
    const expected = {
      redirectUri: new URL(redirectUri),
      state: authorization.state,
      issuer: context.accountsUrl,
    }
    const callback = server.waitFor((received) => judgeRequest(received, expected))
    await invite(context, authorization.url, request.withBrowser)
    context.stderr.write(`Waiting for ${redirectUri} (Ctrl-C to stop)\n`)
    const parameters = await withinTime(context, callback, request.timeoutSeconds, redirectUri)
    try {
      const tokens = await exchangeCode(context, request.app, authorization, parameters)
      const now = context.now()
      const credential: Credential = {
        ...request.app,
        accessToken: tokens.accessToken,
        expiresAtMs: now + tokens.expiresInSeconds * 1000,
        refreshToken: tokens.refreshToken,
        scope: tokens.scope ?? request.scope,
        authorizedAtMs: now,
      }
      save(context, credential)
      await server.show(allSet)
      return credential
    } catch (error) {
      await server.show(pageFor(error))
      throw error
    }
  } finally {
    await server.close()
  }
}

async function invite(context: Context, url: string, withBrowser: boolean): Promise<void> {
  const opened = withBrowser && (await openBrowser(context, url))
  const words = opened
    ? 'Your browser opens to log in at Spotify. If it does not, visit:'
    : 'Log in at Spotify in a browser on this computer:'
  context.stderr.write(`${words}\n\n${url}\n\n`)
}

async function withinTime<T>(
  { signal }: Context,
  promise: Promise<T>,
  timeoutSeconds: number,
  redirectUri: string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    timer = setTimeout(() => reject(timedOut(timeoutSeconds, redirectUri)), timeoutSeconds * 1000)
  })
  try {
    return await Promise.race([promise, ended])
  } finally {
    clearTimeout(timer)
  }
}

function timedOut(seconds: number, redirectUri: string): SpotifyAuthError {
  return new SpotifyAuthError('login_timeout', `Nobody came back from Spotify within ${seconds} seconds.`, {
    hint: `If Spotify's page showed an error: the app's client id must be right, and exactly ${redirectUri} must be one of its redirect URIs in https://developer.spotify.com/dashboard.`,
  })
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
