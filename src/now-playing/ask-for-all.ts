import { dirname } from 'node:path'
import { codeOf } from '../errors.ts'
import { identityOf } from '../session/credential.ts'
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

/** How long another process may take to fetch an answer for all, before Spotify is asked without it. */
const patienceMs = 1_000

/**
 * An answer that is good: a cached one, or one of Spotify's, which one process asks for while the others wait, or use
 * what is not much too old.
 */
export async function askForAll(needs: Needs, file: string, wish: Wish): Promise<CachedPlayback> {
  const { isGood, usableForMs } = wish
  const found = await wish.read()
  if (found && isGood(found)) return found
  const isUsable = found !== undefined && ageOf(needs, found) <= usableForMs
  let isOurTurn = false
  const askInTurn = () => {
    isOurTurn = true
    return askOnce(needs, file, wish)
  }
  // Whoever has the first lock may be stopped, or slow: then one of those who have waited for it asks in its place.
  for (const lock of [`${file}.lock`, `${file}.second.lock`]) {
    try {
      makePrivateDirectories(needs.home, dirname(file))
      return await withFileLock(needs.home, lock, askInTurn, isUsable ? 0 : patienceMs)
    } catch (error) {
      if (isOurTurn) throw error
      if (codeOf(error) !== 'busy') break
      if (isUsable) return found
    }
  }
  // Where nothing can be shared, each process asks for itself.
  return wish.ask(wish.last)
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
  const login = identityOf(await needs.credentials.stored())
  const playback = (await getCurrentlyPlaying(needs)) ?? null
  const fresh = { login, fetchedAtMs: playback?.fetchedAtMs ?? needs.now(), playback }
  return { ...fresh, changedAtMs: changedAtMs(before, fresh) }
}
