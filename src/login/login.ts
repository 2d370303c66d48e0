import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { type App, beginAuthorization, exchangeCode } from '../oauth/spotify-accounts.ts'
import type { FirstTokens } from '../oauth/token-answer.ts'
import { type Credential, expiryOf, type User } from '../session/credential.ts'
import { moveAside, prepareSave, saveCredential } from '../session/credential-save.ts'
import { readCredential } from '../session/credential-store.ts'
import { withLock } from '../session/lock.ts'
import { startCallbackServer } from './callback-server.ts'
import { receiveCallback } from './receive-callback.ts'
import { isListenable, portOf, readRedirectUri, withPort } from './redirect-uri.ts'
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

/**
 * The same context with requests that a signal ends at once. Never for a refresh, whose answer may hold the only
 * refresh token that is still good.
 */
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
    context.stderr.write(`What was not a login was moved to ${moveAside(context)}\n`)
  }
  save.commit(credential)
}

function pageFor(error: unknown): ResultPage {
  if (!(error instanceof SpotifyAuthError)) return refused
  return error.code === 'login_denied' ? denied : error.code === 'storage' ? notSaved : refused
}
