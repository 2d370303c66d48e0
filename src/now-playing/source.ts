import { SpotifyAuthError, systemCode } from '../errors.ts'
import { requireCredential } from '../session/session.ts'
import type { World } from '../web-api/client.ts'
import { currentlyPlaying, type Playback } from '../web-api/playback.ts'
import {
  type CachedPlayback,
  cacheFile,
  makeCacheDirectory,
  readCache,
  writeCache,
} from './playback-cache.ts'
import { type View, viewAt } from './view.ts'

/** How much older than asked for an answer may be while somebody else is fetching a new one. */
const graceMs = 15_000

/** How long the last answer stands in while Spotify asks to slow down. */
const standInMs = 600_000

/**
 * What is playing: of the shared cache when that is at most `maxAgeSeconds` old, else asked of Spotify, by one of
 * all the commands that want to know. Undefined when nothing is. While Spotify asks to slow down, the cache's
 * answer is marked stale.
 */
export async function lookUp(world: World, maxAgeSeconds?: number): Promise<View | undefined> {
  // A login without a file has no cache either.
  if (world.env.SPOTIFY_REFRESH_TOKEN) return viewOf(world, await currentlyPlaying(world))
  try {
    const playback =
      maxAgeSeconds === undefined
        ? await currentlyPlaying(world)
        : (await shareAsking(world, maxAgeSeconds * 1000)).playback
    return viewOf(world, playback)
  } catch (error) {
    const last = codeOf(error) === 'rate_limited' ? cached(world) : undefined
    if (last && ageOf(world, last) <= standInMs) return viewOf(world, last.playback, true)
    throw error
  }
}

async function shareAsking(world: World, maxAgeMs: number): Promise<CachedPlayback> {
  const found = cached(world)
  if (found && ageOf(world, found) <= maxAgeMs) return found
  const ask = async () => {
    const { authorizedAtMs } = requireCredential(world)
    const playback = (await currentlyPlaying(world)) ?? null
    return { authorizedAtMs, fetchedAtMs: playback?.fetchedAtMs ?? world.now(), playback }
  }
  const askOnce = async () => {
    const other = cached(world)
    if (other && ageOf(world, other) <= maxAgeMs) return other
    const fresh = await ask()
    writeCache(world, fresh)
    return fresh
  }
  const isUsable = found !== undefined && ageOf(world, found) <= maxAgeMs + graceMs
  const { withFileLock } = await import('../session/lock.ts')
  try {
    makeCacheDirectory(world)
    return await withFileLock(`${cacheFile(world)}.lock`, askOnce, isUsable ? 0 : undefined)
  } catch (error) {
    if (isUsable && codeOf(error) === 'busy') return found
    // Where nothing can be shared, everybody asks.
    if (systemCode(error) !== undefined || codeOf(error) === 'storage') return ask()
    throw error
  }
}

/** What is cached for the login as it is now; throws `login_required` when there is none. */
function cached(world: World): CachedPlayback | undefined {
  return readCache(world, requireCredential(world).authorizedAtMs)
}

/** A clock that was set back makes everything look as if it came from the future: then it is of no use. */
function ageOf(world: World, { fetchedAtMs }: CachedPlayback): number {
  const ageMs = world.now() - fetchedAtMs
  return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs
}

function viewOf(world: World, playback: Playback | null | undefined, stale = false): View | undefined {
  return playback ? viewAt(playback, world.now(), stale) : undefined
}

function codeOf(error: unknown): string | undefined {
  return error instanceof SpotifyAuthError ? error.code : undefined
}
