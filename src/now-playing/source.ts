import { codeOf } from '../errors.ts'
import { getCurrentlyPlaying, type Playback } from '../web-api/playback.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { ageOf, type CachedPlayback, type CachePlace, cacheFile, readShared } from './playback-cache.ts'
import { type View, viewAt } from './view.ts'

/** The Web API to ask, and the cache to share. */
export type Needs = WebApi & CachePlace

/** How much older than asked for a cached answer may be while another process fetches a new one. */
const graceMs = 15_000

/** How old an answer may be that is shown in place of an error. */
export const standInMs = 600_000

/**
 * Finds out what is playing; undefined when nothing is. With `maxAgeSeconds`, a cached answer of at most that age
 * will do, and of all processes that need a new one a single one asks Spotify. While a rate limit holds, the cached
 * answer is returned and marked stale.
 */
export async function lookUp(needs: Needs, maxAgeSeconds?: number): Promise<View | undefined> {
  const viewOf = (playback: Playback | null | undefined, stale = false) =>
    playback ? viewAt(playback, needs.now(), stale) : undefined
  try {
    return viewOf(await find(needs, maxAgeSeconds))
  } catch (error) {
    const last = codeOf(error) === 'rate_limited' ? await readShared(needs) : undefined
    if (last && ageOf(needs, last) <= standInMs) return viewOf(last.playback, true)
    throw error
  }
}

async function find(needs: Needs, maxAgeSeconds: number | undefined): Promise<Playback | null | undefined> {
  const file = cacheFile(needs)
  if (maxAgeSeconds === undefined || file === undefined) return getCurrentlyPlaying(needs)
  const maxAgeMs = maxAgeSeconds * 1000
  const isGood = (cached: CachedPlayback) => ageOf(needs, cached) <= maxAgeMs
  const read = () => readShared(needs)
  const found = await read()
  if (found && isGood(found)) return found.playback
  const { askForAll, askSpotify } = await import('./ask-for-all.ts')
  const { replaceShared } = await import('./playback-cache-changes.ts')
  const ask = (before?: CachedPlayback) => askSpotify(needs, before)
  const keep = (fresh: CachedPlayback) => replaceShared(needs, file, fresh)
  return (await askForAll(needs, file, { isGood, usableForMs: maxAgeMs + graceMs, read, ask, keep })).playback
}
