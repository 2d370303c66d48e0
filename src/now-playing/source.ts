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
  const file = cacheFile(needs)
  try {
    if (maxAgeSeconds === undefined || file === undefined) {
      return viewOf(needs, await getCurrentlyPlaying(needs))
    }
    const maxAgeMs = maxAgeSeconds * 1000
    const isGood = (cached: CachedPlayback) => ageOf(needs, cached) <= maxAgeMs
    const read = () => readShared(needs)
    const found = await read()
    if (found && isGood(found)) return viewOf(needs, found.playback)
    const { askForAll, askSpotify } = await import('./ask-for-all.ts')
    const ask = (before?: CachedPlayback) => askSpotify(needs, before)
    const wish = { isGood, usableForMs: maxAgeMs + graceMs, ask, read }
    return viewOf(needs, (await askForAll(needs, file, wish)).playback)
  } catch (error) {
    const last = await standIn(needs, error)
    if (last) return viewOf(needs, last.playback, true)
    throw error
  }
}

/** The last answer, where the error is a limit that holds for a while yet. */
export async function standIn(needs: Needs, error: unknown): Promise<CachedPlayback | undefined> {
  const last = codeOf(error) === 'rate_limited' ? await readShared(needs) : undefined
  return last && ageOf(needs, last) <= standInMs ? last : undefined
}

export function viewOf(
  { now }: Needs,
  playback: Playback | null | undefined,
  stale = false,
): View | undefined {
  return playback ? viewAt(playback, now(), stale) : undefined
}
