import { type ErrorCode, Interrupted, SpotifyAuthError } from '../errors.ts'
import { refreshTokens } from '../oauth/spotify-accounts.ts'
import { type Tokens, UnusableTokens } from '../oauth/token-answer.ts'
import { type Credential, renewed, whyEnded } from './credential.ts'
import { type PreparedSave, prepareSave } from './credential-save.ts'
import { readCredential, storageError } from './credential-store.ts'
import { type Journal, lastLockedAtMs, withLock } from './lock.ts'
import { requireCredential, type World } from './session.ts'

type Judge = (stored: Credential) => boolean

/**
 * Under the lock: the stored credential where it is good (another process has renewed it), else a renewed one,
 * which is on disk before it is returned. When the lock is not free in time, one that `willDo` is returned instead.
 */
export async function renew(world: World, isGood: Judge, willDo: Judge): Promise<Credential> {
  try {
    return await withLock(world, (journal) => renewLocked(world, isGood, journal))
  } catch (error) {
    const stored = codeOf(error) === 'busy' ? requireCredential(world) : undefined
    if (stored && willDo(stored)) return stored
    throw error
  }
}

/** Renews a token that is still valid if the lock is free and Spotify answers; otherwise it is good enough as it is. */
export async function renewAhead(world: World, credential: Credential, isGood: Judge): Promise<Credential> {
  // A status bar asks every second; a Spotify that is down need not hear of it as often.
  if (world.now() - lastLockedAtMs(world) < 30_000) return credential
  try {
    return await withLock(world, (journal) => renewLocked(world, isGood, journal), 0)
  } catch (error) {
    if (error instanceof Interrupted || isOver(error)) throw error
    return credential
  }
}

async function renewLocked(world: World, isGood: Judge, journal: Journal): Promise<Credential> {
  const credential = requireCredential(world)
  if (isGood(credential)) return credential
  const save = prepareSave(world)
  let tokens: Tokens
  try {
    writeDown(journal)
    tokens = await refreshTokens(world, credential, credential.refreshToken)
  } catch (error) {
    if (codeOf(error) === 'login_expired') return adoptOrEnd(world, isGood, credential, save, journal)
    const replacement = error instanceof UnusableTokens ? error.refreshToken : undefined
    if (replacement) save.commit({ ...credential, refreshToken: replacement })
    else save.abandon()
    // Without an answer nobody knows whether the refresh token was spent.
    if (replacement || (codeOf(error) !== 'network' && !journal.wasOpen)) journal.close()
    throw error
  }
  const fresh = renewed(credential, tokens, world.now())
  save.commit(fresh)
  journal.close()
  return fresh
}

function writeDown(journal: Journal): void {
  try {
    journal.open()
  } catch (error) {
    throw storageError('Nothing can be saved', error)
  }
}

/** Spotify refuses this refresh token. If another one is stored by now, that is tried; else the login has ended. */
async function adoptOrEnd(
  world: World,
  isGood: Judge,
  credential: Credential,
  save: PreparedSave,
  journal: Journal,
): Promise<Credential> {
  if (readCredential(world)?.refreshToken === credential.refreshToken) {
    // Later commands know without asking Spotify again.
    save.commit({ ...credential, ended: whyEnded(credential, world.now(), journal.wasOpen) })
  } else {
    save.abandon()
  }
  journal.close()
  return renewLocked(world, isGood, journal)
}

function isOver(error: unknown): boolean {
  return codeOf(error) === 'login_expired' || codeOf(error) === 'login_required'
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof SpotifyAuthError ? error.code : undefined
}
