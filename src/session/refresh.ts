import { codeOf, Interrupted, isLoginOver } from '../errors.ts'
import { type AccountsServer, refreshTokens } from '../oauth/spotify-accounts.ts'
import { type Tokens, UnusableTokens } from '../oauth/token-response.ts'
import { type Credential, whyEnded, withTokens } from './credential.ts'
import { requireLogin } from './require-login.ts'
import type { LockedLogin, LoginStorage, PreparedSave } from './storage.ts'

interface Needs {
  storage: LoginStorage
  accounts: AccountsServer
  now(): number
}

type Judge = (credential: Credential) => boolean

/**
 * Under the lock: the kept login where it is good, because somebody else has refreshed it meanwhile, else a refreshed
 * one, which is saved before it is returned. When the lock is not free in time, one that `willDo` is returned instead.
 */
export async function refresh(needs: Needs, isGood: Judge, willDo: Judge): Promise<Credential> {
  try {
    return await needs.storage.lock((login) => refreshLocked(needs, login, isGood))
  } catch (error) {
    if (codeOf(error) !== 'busy') throw error
    const stored = requireLogin(await needs.storage.read(), needs.accounts.commandLine)
    if (willDo(stored)) return stored
    throw error
  }
}

/** How often a refresh ahead of time is tried at most: a status bar asks every second, and Spotify may be down. */
const aheadEveryMs = 30_000

/** Refreshes a token that is still valid if the lock is free and Spotify answers; otherwise it is good enough as it is. */
export async function refreshAhead(needs: Needs, credential: Credential, isGood: Judge): Promise<Credential> {
  if (needs.now() - needs.storage.lastLockedAtMs() < aheadEveryMs) return credential
  try {
    return await needs.storage.lock((login) => refreshLocked(needs, login, isGood), 0)
  } catch (error) {
    if (error instanceof Interrupted || isLoginOver(error)) throw error
    return credential
  }
}

async function refreshLocked(needs: Needs, login: LockedLogin, isGood: Judge): Promise<Credential> {
  const { accounts, now } = needs
  const { journal } = login
  const credential = requireLogin(await login.read(), accounts.commandLine)
  if (isGood(credential)) return credential
  const save = await login.prepareSave()
  let tokens: Tokens
  try {
    journal.open()
    tokens = await refreshTokens(accounts, credential, credential.refreshToken)
  } catch (error) {
    if (codeOf(error) === 'login_expired') {
      await endLogin(needs, login, credential, save)
      return refreshLocked(needs, login, isGood)
    }
    const replacement = error instanceof UnusableTokens ? error.refreshToken : undefined
    if (replacement) await save.commit({ ...credential, refreshToken: replacement })
    else await save.abandon()
    // Without a response nobody knows whether the refresh token was spent.
    if (replacement || (codeOf(error) !== 'network' && !journal.wasOpen)) journal.close()
    throw error
  }
  const refreshed = withTokens(credential, tokens, now())
  await save.commit(refreshed)
  journal.close()
  return refreshed
}

/** Notes that Spotify refuses this refresh token, so that later commands know without asking; not where another one is kept by now. */
async function endLogin(
  { now }: Needs,
  { read, journal }: LockedLogin,
  refused: Credential,
  save: PreparedSave,
): Promise<void> {
  const kept = await read()
  if (kept?.refreshToken === refused.refreshToken) {
    await save.commit({ ...refused, ended: whyEnded(refused, now(), journal.wasOpen) })
  } else {
    await save.abandon()
  }
  journal.close()
}
