import { codeOf } from '../errors.ts'
import { isUnsent } from '../network/network-error.ts'
import type { AccountsServer } from '../oauth/accounts-server.ts'
import { refreshTokens } from '../oauth/refresh-tokens.ts'
import { type Tokens, UnusableTokens } from '../oauth/token-response.ts'
import { type Credential, withTokens } from './credential.ts'
import { endedLogin } from './ended-login.ts'
import { BackingOff, HelperFailure, type RefreshFailures, refreshBackoff } from './refresh-backoff.ts'
import { requireLogin } from './require-login.ts'
import type { LockedLogin, LoginStorage, PreparedSave } from './storage.ts'

/** A login that can be refreshed: where it is kept, the server that refreshes it, and what is known of earlier failures. */
export interface RefreshableLogin {
  storage: LoginStorage
  accounts: AccountsServer
  /** The time in Unix milliseconds. */
  now(): number
  failures: RefreshFailures
}

interface RefreshOptions {
  /** Whether the login as it is kept needs no refresh, because somebody else has made one meanwhile. */
  isFreshEnough(credential: Credential): boolean
  /** Asks even where the last refresh of this login has just failed. */
  ignoresBackoff?: boolean
  /** How long to wait for the lock; without it, as long as the storage usually does. */
  waitMs?: number
}

/**
 * Refreshes a login under the lock, and saves it before it is returned; one that somebody else has refreshed meanwhile
 * is returned as it is. Throws `busy` where the lock is not free in time, and `BackingOff` where the last refresh has
 * just failed.
 */
export async function refresh(login: RefreshableLogin, options: RefreshOptions): Promise<Credential> {
  const { storage, failures } = login
  if (!options.ignoresBackoff) refreshBackoff(failures).respect()
  return storage.lock(async (locked) => {
    try {
      return await refreshLocked(login, locked, options)
    } catch (error) {
      // Before others get the lock, so that they know.
      await refreshBackoff(failures).beginAfter(error)
      throw error
    }
  }, options.waitMs)
}

/**
 * What a refresh gives; where it cannot be made at the moment, because another process has the lock, the last one has
 * just failed, or the credential helper fails, the login as it is stored instead, if that is usable meanwhile.
 */
export async function orMeanwhile(
  refreshing: Promise<Credential>,
  { storage, accounts }: RefreshableLogin,
  isUsable: (credential: Credential) => boolean,
): Promise<Credential> {
  try {
    return await refreshing
  } catch (error) {
    const isOfHelper = error instanceof HelperFailure
    if (codeOf(error) !== 'busy' && !(error instanceof BackingOff) && !isOfHelper) throw error
    const stored = requireLogin(await storage.read(), accounts.commandLine)
    if (isUsable(stored)) return stored
    throw error
  }
}

async function refreshLocked(
  login: RefreshableLogin,
  locked: LockedLogin,
  options: RefreshOptions,
): Promise<Credential> {
  const { accounts, now } = login
  const { journal } = locked
  const backoff = refreshBackoff(login.failures)
  const isEnough = (stored: Credential) => {
    if (options.isFreshEnough(stored)) return true
    if (!options.ignoresBackoff) backoff.respect()
    return false
  }
  const credential = requireLogin(await locked.read(isEnough), accounts.commandLine)
  if (isEnough(credential)) return credential
  const save = await locked.prepareSave()
  // The lifetime in a response counts from when it was written, and the response may arrive much later.
  let sentAtMs = 0
  let tokens: Tokens
  try {
    journal.open()
    sentAtMs = now()
    tokens = await refreshTokens(accounts, credential, credential.refreshToken)
  } catch (error) {
    if (codeOf(error) === 'login_expired') {
      await endLogin(now(), locked, credential, save)
      return refreshLocked(login, locked, options)
    }
    const replacement = error instanceof UnusableTokens ? error.refreshToken : undefined
    if (replacement) await save.commit({ ...credential, refreshToken: replacement })
    else await save.abandon()
    // When a request was sent and no response came, nobody knows whether the refresh token was spent.
    const isOpen = journal.wasOpen || (codeOf(error) === 'network' && !isUnsent(error))
    if (replacement || !isOpen) journal.close()
    throw error
  }
  const refreshed = withTokens(credential, tokens, sentAtMs)
  await save.commit(refreshed)
  journal.close()
  await backoff.end()
  return refreshed
}

/** Saves that Spotify refuses this refresh token, so that later commands know without asking; not where another login is kept by now. */
async function endLogin(
  nowMs: number,
  { read, journal }: LockedLogin,
  refused: Credential,
  save: PreparedSave,
): Promise<void> {
  let kept: Credential | undefined | null
  try {
    kept = await read()
  } catch (error) {
    await save.abandon()
    throw error
  }
  if (kept?.refreshToken === refused.refreshToken) {
    await save.commit(endedLogin(refused, nowMs, journal.wasOpen))
  } else {
    await save.abandon()
  }
  journal.close()
}
