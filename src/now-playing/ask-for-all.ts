import { dirname } from 'node:path'
import { codeOf, systemCode } from '../errors.ts'
import { withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { getCurrentlyPlaying } from '../web-api/playback.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { ageOf, type CachedPlayback, type CachePlace } from './playback-cache.ts'
import { stampOf, writeCache } from './playback-cache-changes.ts'
import { changedAtMs } from './schedule.ts'

/** The Web API to ask, and the cache to share. */
type Needs = WebApi & CachePlace

/** What somebody wants to know. */
interface Wish {
  /** Whether a cached answer will do. */
  isGood(cached: CachedPlayback): boolean
  /** How old one may be while another process fetches a new one. */
  usableForMs: number
  /** Asks Spotify; `before` is the answer before. */
  ask(before?: CachedPlayback): Promise<CachedPlayback>
  /** Reads the cache. */
  read(): Promise<CachedPlayback | undefined>
  /** Is told what has been put into the cache. */
  written?(cached: CachedPlayback, stamp: string | undefined): void
  /** What this process knows by itself, for where there is no cache. */
  last?: CachedPlayback
}

/**
 * An answer that is good: a cached one, or one of Spotify's, which one process asks for while the others wait, or use
 * what is not much too old.
 */
export async function askForAll(needs: Needs, file: string, wish: Wish): Promise<CachedPlayback> {
  const { isGood, usableForMs } = wish
  const found = await wish.read()
  if (found && isGood(found)) return found
  const isUsable = found !== undefined && ageOf(needs, found) <= usableForMs
  try {
    makePrivateDirectories(needs.home, dirname(file))
    return await withFileLock(`${file}.lock`, () => askOnce(needs, file, wish), isUsable ? 0 : undefined)
  } catch (error) {
    if (isUsable && codeOf(error) === 'busy') return found
    // Where no cache or lock file can be written, each process asks for itself.
    if (systemCode(error) !== undefined || codeOf(error) === 'storage') return wish.ask(wish.last)
    throw error
  }
}

async function askOnce(needs: Needs, file: string, wish: Wish, isRepeated = false): Promise<CachedPlayback> {
  const stamp = stampOf(file)
  const other = await wish.read()
  if (other && wish.isGood(other)) return other
  const fresh = await wish.ask(other)
  // A command of this program has changed what plays, perhaps after Spotify had answered, or the login.
  if (stampOf(file) !== stamp && !isRepeated) return askOnce(needs, file, wish, true)
  // Where it cannot be written, what is there is older than what is known.
  const written = writeCache(needs, fresh) ?? stampOf(file)
  wish.written?.(fresh, written)
  return fresh
}

/** Asks Spotify what is playing; `before` is the answer before. */
export async function askSpotify(needs: Needs, before?: CachedPlayback): Promise<CachedPlayback> {
  const { authorizedAtMs } = await needs.credentials.stored()
  const playback = (await getCurrentlyPlaying(needs)) ?? null
  const fresh = { authorizedAtMs, fetchedAtMs: playback?.fetchedAtMs ?? needs.now(), playback }
  return { ...fresh, changedAtMs: changedAtMs(before, fresh) }
}
