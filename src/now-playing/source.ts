import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { currentlyPlaying } from '../web-api/playback.ts'
import {
  type CachedPlayback,
  cacheFile,
  makeCacheDirectory,
  readCache,
  writeCache,
} from './playback-cache.ts'
import { type View, viewAt } from './view.ts'

type World = Parameters<typeof currentlyPlaying>[0] & Pick<Context, 'env'>

/** How much older than asked for an answer may be while somebody else is fetching a new one. */
const graceMs = 15_000

/**
 * What is playing: of the shared cache when that is at most `maxAgeSeconds` old, else asked of Spotify, by one of
 * all the commands that want to know. Undefined when nothing is. While Spotify asks to slow down, the cache's
 * answer is marked stale.
 */
export async function lookUp(world: World, maxAgeSeconds?: number): Promise<View | undefined> {
  try {
    if (maxAgeSeconds === undefined) return viewOf(world, await ask(world))
    const cached = readCache(world)
    if (cached && ageOf(world, cached) <= maxAgeSeconds * 1000) return viewOf(world, cached)
    return viewOf(world, await shareAsking(world, maxAgeSeconds * 1000, cached))
  } catch (error) {
    const cached = isRateLimit(error) ? readCache(world) : undefined
    if (cached) return viewOf(world, cached, true)
    throw error
  }
}

async function shareAsking(
  world: World,
  maxAgeMs: number,
  cached: CachedPlayback | undefined,
): Promise<CachedPlayback> {
  const { withFileLock } = await import('../session/lock.ts')
  makeCacheDirectory(world)
  const askOnce = async () => {
    const other = readCache(world)
    if (other && ageOf(world, other) <= maxAgeMs) return other
    const fresh = await ask(world)
    writeCache(world, fresh)
    return fresh
  }
  const isUsable = cached !== undefined && ageOf(world, cached) <= maxAgeMs + graceMs
  try {
    return await withFileLock(`${cacheFile(world)}.lock`, askOnce, isUsable ? 0 : undefined)
  } catch (error) {
    if (isUsable && error instanceof SpotifyAuthError && error.code === 'busy') return cached
    throw error
  }
}

async function ask(world: World): Promise<CachedPlayback> {
  const playback = await currentlyPlaying(world)
  return { fetchedAtMs: playback?.fetchedAtMs ?? world.now(), playback: playback ?? null }
}

/** A clock that was set back makes everything look as if it came from the future: then it is of no use. */
function ageOf(world: World, { fetchedAtMs }: CachedPlayback): number {
  const ageMs = world.now() - fetchedAtMs
  return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs
}

function viewOf(world: World, { playback }: CachedPlayback, stale = false): View | undefined {
  return playback ? viewAt(playback, world.now(), stale) : undefined
}

function isRateLimit(error: unknown): boolean {
  return error instanceof SpotifyAuthError && error.code === 'rate_limited'
}
