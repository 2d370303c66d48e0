import { dirname } from 'node:path'
import { codeOf, systemCode } from '../errors.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { getCurrentlyPlaying, type Playback } from '../web-api/playback.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { type CachedPlayback, type CachePlace, cacheFile, readCache, writeCache } from './playback-cache.ts'
import { type View, viewAt } from './view.ts'

/** What is asked, and the cache that is shared. */
type Needs = WebApi & CachePlace

/** How much older than asked for an answer may be while somebody else is fetching a new one. */
const graceMs = 15_000

/** How long the last answer stands in while Spotify asks to slow down. */
const standInMs = 600_000

/**
 * What is playing: of the shared cache when that is at most `maxAgeSeconds` old, else asked of Spotify, by one of
 * all the commands that want to know. Undefined when nothing is. While Spotify asks to slow down, the cache's
 * answer is marked stale.
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
    const { authorizedAtMs } = await needs.credentials.stored()
    const playback = (await getCurrentlyPlaying(needs)) ?? null
    return { authorizedAtMs, fetchedAtMs: playback?.fetchedAtMs ?? needs.now(), playback }
  }
  const askOnce = async () => {
    const other = await readShared(needs)
    if (other && ageOf(needs, other) <= maxAgeMs) return other
    const fresh = await ask()
    writeCache(needs, fresh)
    return fresh
  }
  const isUsable = found !== undefined && ageOf(needs, found) <= maxAgeMs + graceMs
  const { withFileLock } = await import('../system/file-lock.ts')
  try {
    makePrivateDirectories(needs.home, dirname(file))
    return await withFileLock(`${file}.lock`, askOnce, isUsable ? 0 : undefined)
  } catch (error) {
    if (isUsable && codeOf(error) === 'busy') return found
    // Where nothing can be shared, everybody asks.
    if (systemCode(error) !== undefined || codeOf(error) === 'storage') return ask()
    throw error
  }
}

/** What is cached for the login as it is now; throws `login_required` when there is none. */
async function readShared(needs: Needs): Promise<CachedPlayback | undefined> {
  const { authorizedAtMs } = await needs.credentials.stored()
  return readCache(needs, authorizedAtMs)
}

/** A clock that was set back makes everything look as if it came from the future: then it is of no use. */
function ageOf({ now }: Needs, { fetchedAtMs }: CachedPlayback): number {
  const ageMs = now() - fetchedAtMs
  return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs
}

function viewOf({ now }: Needs, playback: Playback | null | undefined, stale = false): View | undefined {
  return playback ? viewAt(playback, now(), stale) : undefined
}
