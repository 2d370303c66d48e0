import { dirname } from 'node:path'
import { codeOf } from '../errors.ts'
import { identityOf } from '../session/credential.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { getCurrentlyPlaying, type Playback } from '../web-api/playback.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { type CachedPlayback, type CachePlace, cacheFile, readCache, writeCache } from './playback-cache.ts'
import { type View, viewAt } from './view.ts'

/** The Web API to ask, and the cache to share. */
type Needs = WebApi & CachePlace

/** How much older than asked for a cached answer may be while another process fetches a new one. */
const graceMs = 15_000

/** How long another process may take to fetch an answer for all, before Spotify is asked without it. */
const patienceMs = 1_000

/** How old a cached answer may be that is shown in place of an error while a rate limit holds. */
const standInMs = 600_000

/**
 * Finds out what is playing; undefined when nothing is. With `maxAgeSeconds`, a cached answer of at most that age
 * will do, and of all processes that need a new one a single one asks Spotify. While a rate limit holds, the cached
 * answer is returned and marked stale.
 */
export async function lookUp(needs: Needs, maxAgeSeconds?: number): Promise<View | undefined> {
  const file = cacheFile(needs)
  try {
    const playback =
      maxAgeSeconds === undefined || file === undefined
        ? await getCurrentlyPlaying(needs)
        : (await shareAsking(needs, file, maxAgeSeconds * 1000)).playback
    return viewOf(needs, playback)
  } catch (error) {
    const last = file && codeOf(error) === 'rate_limited' ? await readShared(needs) : undefined
    if (last && ageOf(needs, last) <= standInMs) return viewOf(needs, last.playback, true)
    throw error
  }
}

async function shareAsking(needs: Needs, file: string, maxAgeMs: number): Promise<CachedPlayback> {
  const found = await readShared(needs)
  if (found && ageOf(needs, found) <= maxAgeMs) return found
  const ask = async () => {
    const login = identityOf(await needs.credentials.stored())
    const playback = (await getCurrentlyPlaying(needs)) ?? null
    const fresh = { login, fetchedAtMs: playback?.fetchedAtMs ?? needs.now(), playback }
    writeCache(needs, fresh)
    return fresh
  }
  let isOurTurn = false
  const askOnce = async () => {
    isOurTurn = true
    const other = await readShared(needs)
    return other && ageOf(needs, other) <= maxAgeMs ? other : ask()
  }
  const isUsable = found !== undefined && ageOf(needs, found) <= maxAgeMs + graceMs
  const { withFileLock } = await import('../system/file-lock.ts')
  // Whoever has the first lock may be stopped, or slow: then one of those who have waited for it asks in its place.
  for (const lock of [`${file}.lock`, `${file}.second.lock`]) {
    try {
      makePrivateDirectories(needs.home, dirname(file))
      return await withFileLock(needs.home, lock, askOnce, isUsable ? 0 : patienceMs)
    } catch (error) {
      if (isOurTurn) throw error
      if (codeOf(error) !== 'busy') break
      if (isUsable) return found
    }
  }
  // Where nothing can be shared, each process asks for itself.
  return ask()
}

/** What is cached for the login as it is now; throws `login_required` when there is none. */
async function readShared(needs: Needs): Promise<CachedPlayback | undefined> {
  return readCache(needs, identityOf(await needs.credentials.stored()))
}

/** The age in milliseconds; infinite when the entry seems to come from the future, because the clock was set back. */
function ageOf({ now }: Needs, { fetchedAtMs }: CachedPlayback): number {
  const ageMs = now() - fetchedAtMs
  return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs
}

function viewOf({ now }: Needs, playback: Playback | null | undefined, stale = false): View | undefined {
  return playback ? viewAt(playback, now(), stale) : undefined
}
