import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import { codeOf, Interrupted } from '../errors.ts'
import type { Request } from '../network/http.ts'
import type { App } from '../oauth/accounts-server.ts'
import { beginAuthorization, exchangeCode } from '../oauth/authorization.ts'
import type { FirstTokens } from '../oauth/token-response.ts'
import { type Credential, expiryOf, type User } from '../session/credential.ts'
import { OutOfReach } from '../session/dotfile-kept.ts'
import { type LockedDotfile, lockDotfile } from '../session/dotfile-lock.ts'
import { KeptElsewhere, keepUnsaved, moveAside, requireMovable } from '../session/dotfile-save.ts'
import { fingerprintOf } from '../session/fingerprint.ts'
import { entrust, forgetEntries, proveHelper } from '../session/helper-entry.ts'
import { refreshBackoff } from '../session/refresh-backoff.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import type { Output } from '../terminal/output.ts'
import { startCallbackServer } from './callback-server.ts'
import { receiveCallback } from './receive-callback.ts'
import { isListenable, portOf, readRedirectUri, withPort } from './redirect-uri.ts'
import { allSet, denied, ended, keptElsewhere, notSaved, type ResultPage, refused } from './result-page.ts'

/** How to log in: with which app, for which scopes, and how the user gets to Spotify's page. */
export interface BrowserLogin {
  app: App
  /** As it is registered with the app. */
  redirectUri: string
  /** Listen on this port instead of the redirect URI's; 0 is any free one. */
  port?: number
  scopes: string[]
  showDialog?: boolean
  withBrowser: boolean
  timeoutSeconds: number
  /** The credential helper that is to keep the refresh token and the app's secret; without it the dotfile does. */
  credentialHelper?: string
}

/**
 * Logs in: listen, send the user to Spotify, take the callback, exchange its code, save.
 * Resolves when the login is on disk and the listener is closed; until then an older login stays as it is.
 */
export async function performLogin(context: Context, wanted: BrowserLogin): Promise<Credential> {
  // What is wrong is better reported now than after the user has agreed.
  await context.limits.respect('accounts', wanted.app.clientId)
  await lockPatiently(context, wanted, async (login) => {
    if (lookAt(login).isInTheWay) requireMovable(context)
    const save = await login.prepareSave()
    await save.abandon()
    if (wanted.credentialHelper !== undefined) await proveHelper(context, wanted.credentialHelper)
  })
  const server = isListenable(readRedirectUri(context, wanted.redirectUri))
    ? await startCallbackServer(wanted.redirectUri, wanted.port ?? portOf(wanted.redirectUri) ?? 0)
    : undefined
  try {
    const redirectUri = server ? withPort(wanted.redirectUri, server.port) : wanted.redirectUri
    const authorization = await beginAuthorization(context, wanted.app, { ...wanted, redirectUri })
    const callback = await receiveCallback(context, wanted, authorization, server)
    try {
      const accounts = { ...context, request: stoppable(context) }
      const tokens = await exchangeCode(accounts, wanted.app, authorization, callback)
      const credential = firstCredential(wanted, tokens, context.now())
      await save(context, wanted, credential)
      await refreshBackoff(context).end()
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
 * Requests that a signal ends at once. Never for a refresh, whose response may hold the only refresh token that is
 * still good.
 */
export function stoppable({ request, signal }: Pick<Context, 'request' | 'signal'>): Request {
  return (url, options) => request(url, { ...options, signal })
}

/** Notes whose login this is, unless another one has taken its place. */
export function nameLogin(
  place: ProfileLocation & Pick<Context, 'signal'>,
  stderr: Output,
  credential: Credential,
  user: User,
): Promise<Credential> {
  const name = async (login: LockedDotfile) => {
    const stored = login.read()
    if (!stored || stored.loginId !== credential.loginId) return { ...credential, user }
    const named = { ...stored, user }
    await (await login.prepareSave()).commit(named)
    return named
  }
  return lockDotfile(place, stderr, name, undefined, place.signal)
}

function firstCredential(
  { app, scopes, credentialHelper }: BrowserLogin,
  tokens: FirstTokens,
  nowMs: number,
): Credential {
  return {
    ...app,
    accessToken: tokens.accessToken,
    expiresAtMs: expiryOf(tokens, nowMs),
    refreshToken: tokens.refreshToken,
    scopes: tokens.scopes ?? scopes,
    authorizedAtMs: Math.floor(nowMs / 1000) * 1000,
    loginId: randomUUID(),
    credentialHelper,
  }
}

/** Saves a new login; where that fails it is kept elsewhere, and the error says where. A file in its way that is not a login is kept beside it. */
async function save(context: Context, wanted: BrowserLogin, credential: Credential): Promise<void> {
  const { stderr } = context
  let isSafe = false
  let forDotfile = credential
  try {
    await lockPatiently(context, wanted, async (login) => {
      const { before, isInTheWay } = lookAt(login)
      const prepared = await login.prepareSave((problem) => {
        isSafe = true
        throw problem
      }, true)
      try {
        if (isInTheWay) stderr.write(`What was not a login was moved to ${moveAside(context)}\n`)
      } catch (error) {
        await prepared.abandon()
        throw error
      }
      forDotfile = await entrust(context, credential, fingerprintOf(before?.refreshToken))
      await prepared.commit(forDotfile)
      isSafe = true
      login.journal.close()
      // What is kept of older logins goes.
      login.read()
      for (const { message } of await forgetEntries(context, credential.credentialHelper)) {
        stderr.write(
          `${message}\nWhat it keeps of the login before is still there; the next login tries again.\n`,
        )
      }
    })
  } catch (error) {
    if (isSafe || error instanceof Interrupted) throw error
    throw keepUnsaved(context, forDotfile, error)
  }
}

function lookAt(login: LockedDotfile): { before?: Credential; isInTheWay: boolean } {
  try {
    return { before: login.read(), isInTheWay: false }
  } catch (error) {
    return { isInTheWay: !(error instanceof OutOfReach) }
  }
}

/** How long another process may have the lock before the user is told. */
const quietMs = 1_000

/** Works on the login under its lock, which a login waits for as long as it would for the user. */
async function lockPatiently(
  context: Context,
  { timeoutSeconds }: BrowserLogin,
  work: (login: LockedDotfile) => Promise<void>,
): Promise<void> {
  const { stderr, signal } = context
  const lock = (waitMs: number) => lockDotfile(context, stderr, work, waitMs, signal)
  try {
    return await lock(quietMs)
  } catch (error) {
    if (codeOf(error) !== 'busy') throw error
  }
  stderr.write('Another spotify-auth is changing this login. Waiting for it (Ctrl-C to stop).\n')
  return lock(timeoutSeconds * 1000 - quietMs)
}

function pageFor(error: unknown): ResultPage {
  if (error instanceof Interrupted) return ended
  if (error instanceof KeptElsewhere) return keptElsewhere
  const code = codeOf(error)
  if (code === 'login_denied') return denied
  return code === 'storage' || code === 'busy' ? notSaved : refused
}
