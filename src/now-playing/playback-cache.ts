import { readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { writePrivateFile } from '../system/private-file.ts'
import { parseFields } from '../untrusted/fields.ts'
import { isPlayback, type Playback } from '../web-api/playback.ts'

/** Which cache file. */
export interface CachePlace {
  home: string
  profile: string
  cacheDirectory: string | undefined
}

/** An answer of Spotify's that all commands of a login share. */
export interface CachedPlayback {
  /** The login that it was fetched with, so that another login of the same profile does not see it. */
  login: string
  fetchedAtMs: number
  /** Null when nothing was playing. */
  playback: Playback | null
}

/** One file a profile; undefined for a login that writes no files. */
export function cacheFile({ cacheDirectory, profile }: CachePlace): string | undefined {
  return cacheDirectory === undefined ? undefined : join(cacheDirectory, `${profile}.json`)
}

/** What is in the cache for this login; undefined where there is nothing, or something of another version of the program. */
export function readCache(place: CachePlace, login: string): CachedPlayback | undefined {
  const file = cacheFile(place)
  if (file === undefined) return undefined
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const { login: fetchedWith, fetchedAtMs, playback } = parseFields(text)
  if (fetchedWith !== login || typeof fetchedAtMs !== 'number') return undefined
  return playback === null || isPlayback(playback) ? { login, fetchedAtMs, playback } : undefined
}

/** Replaces the cache as a whole; a failure costs a request later, nothing else. */
export function writeCache(place: CachePlace, cached: CachedPlayback): void {
  const file = cacheFile(place)
  if (file === undefined) return
  // A name of its own, because not everybody who writes has the lock.
  const temporary = `${file}.${process.pid}.tmp`
  try {
    makePrivateDirectories(place.home, dirname(file))
    writePrivateFile(temporary, JSON.stringify(cached))
    renameSync(temporary, file)
  } catch {
    // Without a cache the next command asks Spotify.
  }
}

/** Forgets what was playing, because it is over, or because the login is. What cannot be removed belongs to a login that is gone. */
export function forgetPlayback(place: CachePlace): void {
  const file = cacheFile(place)
  if (file === undefined) return
  try {
    rmSync(file, { force: true })
  } catch {}
}
