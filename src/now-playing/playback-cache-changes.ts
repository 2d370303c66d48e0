import { closeSync, constants, openSync } from 'node:fs'
import type { CredentialSource } from '../session/credential-source.ts'
import { removeQuietly } from '../system/durable.ts'
import { withFileLock } from '../system/file-lock.ts'
import { replaceFile } from '../system/replace-file.ts'
import type { Playback } from '../web-api/playback.ts'
import { type CachedPlayback, type CachePlace, cacheFile, likedFile, readShared } from './playback-cache.ts'

/**
 * Replaces the cache as a whole, and returns the stamp of what it has written; undefined where there is none.
 * Throws the system's own error.
 */
export function writeCache(place: CachePlace, cached: CachedPlayback): string | undefined {
  const file = cacheFile(place)
  return file === undefined ? undefined : replaceFile(place.home, file, JSON.stringify(cached))
}

/** Replaces any file that commands share; where that fails, the next command asks Spotify. */
export function replaceShared({ home }: CachePlace, file: string, content: object): void {
  try {
    replaceFile(home, file, JSON.stringify(content))
  } catch {}
}

/** Forgets what was playing, because the login is over. What cannot be removed belongs to a login that is gone. */
export function forgetPlayback(place: CachePlace): void {
  for (const file of [cacheFile(place), likedFile(place)]) {
    if (file !== undefined) removeQuietly(file)
  }
}

/** A pipe in its place must not hang a command. */
const emptied = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NONBLOCK ?? 0)

/** What a command has made of what is playing; undefined where only Spotify knows. */
export type Change = (playback: Playback, nowMs: number) => Playback | undefined

interface Needs extends CachePlace {
  credentials: CredentialSource
  now(): number
}

/**
 * Lets everybody see what a command has done to the playback: watches look at the cache all the time. Where the result
 * is known it is put there; elsewhere the cache is emptied, and one of them asks Spotify.
 */
export async function changePlayback(needs: Needs, change?: Change): Promise<void> {
  const file = cacheFile(needs)
  if (file === undefined || (change && (await changeInPlace(needs, file, change)))) return
  emptyShared(file)
}

/** Forgets what is in a file that commands share. Where there is no directory for it, nobody looks. */
export function emptyShared(file: string): void {
  try {
    // Not removed: whoever asks at this moment must see that this came in between, also the second time.
    closeSync(openSync(file, emptied, 0o600))
  } catch {}
}

async function changeInPlace(needs: Needs, file: string, change: Change): Promise<boolean> {
  const changeCached = async () => {
    const cached = await readShared(needs)
    const nowMs = needs.now()
    const playback = cached?.playback && change(cached.playback, nowMs)
    if (!cached || !playback) return false
    const isOther = playback.state !== cached.playback?.state
    writeCache(needs, { ...cached, playback, changedAtMs: isOther ? nowMs : cached.changedAtMs })
    return true
  }
  try {
    return await withFileLock(needs.home, `${file}.lock`, changeCached, 0)
  } catch {
    // Somebody is asking, or there is no cache: what becomes known in a moment is as good.
    return false
  }
}
