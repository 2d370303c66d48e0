import { SpotifyAuthError } from '../errors.ts'
import { refreshTokens, type Tokens, UnusableTokens } from '../oauth/spotify-accounts.ts'
import { authorizationEndsAtMs, type Credential, dayMs, type Ending, renewed } from './credential.ts'
import { type PreparedSave, prepareSave } from './credential-save.ts'
import { readCredential } from './credential-store.ts'
import { lastLockedAtMs, withLock } from './lock.ts'
import { requireCredential, type World } from './session.ts'

type Judge = (stored: Credential) => boolean

/**
 * Under the lock: the stored credential where it is good (another process has renewed it), else a renewed one,
 * which is on disk before it is returned. When the lock is not free in time, a token that is still valid will do.
 */
export async function renew(world: World, isGood: Judge): Promise<Credential> {
  try {
    return await withLock(world, () => renewLocked(world, isGood))
  } catch (error) {
    const stored = isBusy(error) ? readCredential(world) : undefined
    if (stored && !stored.ended && stored.expiresAtMs > world.now()) return stored
    throw error
  }
}

/** Renews a token that is still valid if the lock is free and Spotify answers; otherwise it is good enough as it is. */
export async function renewAhead(world: World, credential: Credential, isGood: Judge): Promise<Credential> {
  // A status bar asks every second; a Spotify that is down need not hear of it as often.
  if (world.now() - lastLockedAtMs(world) < 30_000) return credential
  try {
    return await withLock(world, () => renewLocked(world, isGood), 0)
  } catch (error) {
    if (error instanceof SpotifyAuthError && error.exitCode !== 4) return credential
    throw error
  }
}

async function renewLocked(world: World, isGood: Judge): Promise<Credential> {
  const credential = requireCredential(world)
  if (isGood(credential)) return credential
  const save = prepareSave(world)
  let tokens: Tokens
  try {
    tokens = await refreshTokens(world, credential, credential.refreshToken)
  } catch (error) {
    if (isRefusal(error)) return adoptOrEnd(world, isGood, credential, save)
    const replacement = error instanceof UnusableTokens ? error.refreshToken : undefined
    if (replacement) save.commit({ ...credential, refreshToken: replacement })
    else save.abandon()
    throw error
  }
  const fresh = renewed(credential, tokens, world.now())
  save.commit(fresh)
  return fresh
}

/** Spotify refuses this refresh token. If another one is stored by now, that is tried; else the login has ended. */
async function adoptOrEnd(
  world: World,
  isGood: Judge,
  credential: Credential,
  save: PreparedSave,
): Promise<Credential> {
  if (readCredential(world)?.refreshToken === credential.refreshToken) {
    // Later commands know without asking Spotify again.
    save.commit({ ...credential, ended: whyEnded(credential, world.now(), save) })
  } else {
    save.abandon()
  }
  return renewLocked(world, isGood)
}

function whyEnded(credential: Credential, nowMs: number, { followsInterruption }: PreparedSave): Ending {
  // Spotify's six months and ours may differ by a day.
  if (nowMs > authorizationEndsAtMs(credential) - dayMs) return 'expired'
  return followsInterruption ? 'interrupted' : 'revoked'
}

function isRefusal(error: unknown): boolean {
  return error instanceof SpotifyAuthError && error.code === 'login_expired'
}

function isBusy(error: unknown): boolean {
  return error instanceof SpotifyAuthError && error.code === 'busy'
}
