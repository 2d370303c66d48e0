import fs from 'node:fs'
import path from 'node:path'
import type { Context } from '../context.ts'
import { fieldsOf, parseFields } from '../fields.ts'
import { makePrivateDirectory } from '../private-directory.ts'
import type { Playback } from '../web-api/playback.ts'

type Place = Pick<Context, 'env' | 'home' | 'profile'>

/** The last answer, shared by all commands of the profile; `playback` is null when nothing was playing. */
export interface CachedPlayback {
  fetchedAtMs: number
  playback: Playback | null
}

/** One file a profile, in memory where the system has a place for that. */
export function cacheFile({ env, home, profile }: Place): string {
  const runtime = env.XDG_RUNTIME_DIR
  const directory =
    runtime && path.isAbsolute(runtime)
      ? path.join(runtime, 'spotify-auth', encodeURIComponent(home))
      : path.join(home, 'cache')
  return path.join(directory, `${profile}.json`)
}

/** What is in the cache; undefined where there is nothing that can be read. */
export function readCache(place: Place): CachedPlayback | undefined {
  try {
    const { fetched_at_ms, playback } = parseFields(fs.readFileSync(cacheFile(place), 'utf8'))
    if (typeof fetched_at_ms !== 'number') return undefined
    if (playback === null) return { fetchedAtMs: fetched_at_ms, playback }
    // Written by this program; a file that lost its shape is as good as none.
    const isPlayback = Array.isArray(fieldsOf(playback).artists)
    return isPlayback ? { fetchedAtMs: fetched_at_ms, playback: playback as Playback } : undefined
  } catch {
    return undefined
  }
}

/** Replaces the cache as a whole; a failure costs a request later, nothing else. */
export function writeCache(place: Place, { fetchedAtMs, playback }: CachedPlayback): void {
  const file = cacheFile(place)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    makeCacheDirectory(place)
    fs.writeFileSync(temporary, JSON.stringify({ fetched_at_ms: fetchedAtMs, playback }), { mode: 0o600 })
    fs.renameSync(temporary, file)
  } catch {
    fs.rmSync(temporary, { force: true })
  }
}

/** For a logout or another login: what somebody else listened to is nobody's business. */
export function forgetPlayback(place: Place): void {
  fs.rmSync(cacheFile(place), { force: true })
}

export function makeCacheDirectory(place: Place): void {
  makePrivateDirectory(place.home)
  makePrivateDirectory(path.dirname(cacheFile(place)))
}
