import { codeOf } from '../errors.ts'
import { isUnsent } from '../network/network-error.ts'
import { type AccountsServer, refreshTokens } from '../oauth/spotify-accounts.ts'
import { type Tokens, UnusableTokens } from '../oauth/token-response.ts'
import { type Credential, withTokens } from './credential.ts'
import { endedLogin } from './ended-login.ts'
import { BackingOff, type BackoffPlace, refreshBackoff } from './refresh-backoff.ts'
import { requireLogin } from './require-login.ts'
import type { LockedLogin, LoginStorage, PreparedSave } from './storage.ts'

interface Needs {
  storage: LoginStorage
  accounts: AccountsServer
  now(): number
  failures: BackoffPlace
}

type Judge = (credential: Credential) => boolean

interface Wish {
  /** Whether the kept login is what is wished for. */
  isGood: Judge
  /** Whether it will do where it cannot be refreshed at the moment. */
  willDo: Judge
  /** Asks Spotify also where that has just failed. */
  insists?: boolean
  /** How long others may hold the lock, where not as long as usual. */
  waitMs?: number
}

/**
 * Under the lock: the kept login where it is good, because somebody else has refreshed it meanwhile, else a refreshed
 * one, which is saved before it is returned. When the lock is not free in time, or Spotify has just failed, one that
 * `willDo` is returned instead.
 */
export async function refresh(needs: Needs, wish: Wish): Promise<Credential> {
  try {
    if (!wish.insists) refreshBackoff(needs.failures).respect()
    return await needs.storage.lock((login) => refreshLocked(needs, login, wish), wish.waitMs)
  } catch (error) {
    if (codeOf(error) !== 'busy' && !(error instanceof BackingOff)) throw error
    const stored = requireLogin(await needs.storage.read(), needs.accounts.commandLine)
    if (wish.willDo(stored)) return stored
    throw error
  }
}

async function refreshLocked(needs: Needs, login: LockedLogin, wish: Wish): Promise<Credential> {
  const { accounts, now } = needs
  const { journal } = login
  const credential = requireLogin(await login.read(), accounts.commandLine)
  if (wish.isGood(credential)) return credential
  const backoff = refreshBackoff(needs.failures)
  if (!wish.insists) backoff.respect()
  const save = await login.prepareSave()
  // The response may come late, and the lifetime in it counts from when it was written.
  let sentAtMs = 0
  let tokens: Tokens
  try {
    journal.open()
    sentAtMs = now()
    tokens = await refreshTokens(accounts, credential, credential.refreshToken)
  } catch (error) {
    if (codeOf(error) === 'login_expired') {
      await endLogin(needs, login, credential, save)
      return refreshLocked(needs, login, wish)
    }
    const replacement = error instanceof UnusableTokens ? error.refreshToken : undefined
    if (replacement) await save.commit({ ...credential, refreshToken: replacement })
    else await save.abandon()
    // When a request was sent and no response came, nobody knows whether the refresh token was spent.
    const isOpen = journal.wasOpen || (codeOf(error) === 'network' && !isUnsent(error))
    if (replacement || !isOpen) journal.close()
    await backoff.beginAfter(error)
    throw error
  }
  const refreshed = withTokens(credential, tokens, sentAtMs)
  await save.commit(refreshed)
  journal.close()
  await backoff.end()
  return refreshed
}

/** Notes that Spotify refuses this refresh token, so that later commands know without asking; not where another one is kept by now. */
async function endLogin(
  { now }: Needs,
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
    await save.commit(endedLogin(refused, now(), journal.wasOpen))
  } else {
    await save.abandon()
  }
  journal.close()
}
