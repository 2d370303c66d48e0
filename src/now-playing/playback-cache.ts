import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Context } from '../context.ts'
import { parseFields } from '../fields.ts'
import { makePrivateDirectories } from '../private-directory.ts'
import type { Playback } from '../web-api/playback.ts'

type Place = Pick<Context, 'env' | 'home' | 'profile'>

/** An answer that all commands of a login share; `playback` is null when nothing was playing. */
export interface CachedPlayback {
  /** Which login it was fetched with: nobody sees what another one listened to. */
  authorizedAtMs: number
  fetchedAtMs: number
  playback: Playback | null
}

/** Changes with the shape of what is written. */
const version = 1

/** One file a profile, in memory where the system has a place for that. */
export function cacheFile({ env, home, profile }: Place): string {
  const runtime = env.XDG_RUNTIME_DIR
  const directory =
    runtime && isAbsolute(runtime)
      ? join(runtime, 'spotify-auth', encodeURIComponent(home))
      : join(home, 'cache')
  return join(directory, `${profile}.json`)
}

/** What is in the cache for this login; undefined where there is nothing that this version wrote. */
export function readCache(place: Place, authorizedAtMs: number): CachedPlayback | undefined {
  try {
    const { version: written, ...cached } = parseFields(readFileSync(cacheFile(place), 'utf8'))
    const isOurs = written === version && cached.authorizedAtMs === authorizedAtMs
    return isOurs ? (cached as unknown as CachedPlayback) : undefined
  } catch {
    return undefined
  }
}

/** Replaces the cache as a whole, under its lock; a failure costs a request later, nothing else. */
export function writeCache(place: Place, cached: CachedPlayback): void {
  const file = cacheFile(place)
  const temporary = `${file}.tmp`
  try {
    makeCacheDirectory(place)
    writeFileSync(temporary, JSON.stringify({ version, ...cached }), { mode: 0o600 })
    renameSync(temporary, file)
  } catch {
    // The next command tries again.
  }
}

/** For a logout or another login. What cannot be removed is not shown either: it belongs to a login that is gone. */
export function forgetPlayback(place: Place): void {
  try {
    rmSync(cacheFile(place), { force: true })
  } catch {}
}

export function makeCacheDirectory(place: Place): void {
  makePrivateDirectories(place.home, dirname(cacheFile(place)))
}
