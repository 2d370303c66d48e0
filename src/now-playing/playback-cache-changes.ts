import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CredentialSource } from '../session/credential-source.ts'
import { withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { writePrivateFile } from '../system/private-file.ts'
import type { Playback } from '../web-api/playback.ts'
import { type CachedPlayback, type CachePlace, cacheFile, likedFile, readShared } from './playback-cache.ts'

/**
 * Replaces the cache as a whole, and returns the stamp of what it has written; undefined for a failure,
 * which costs a request later, nothing else.
 */
export function writeCache(place: CachePlace, cached: CachedPlayback): string | undefined {
  const file = cacheFile(place)
  return file && replaceShared(place, file, cached)
}

/** The same for any file that commands share. */
export function replaceShared({ home }: CachePlace, file: string, content: object): string | undefined {
  // A name of its own, because not everybody who writes has the lock.
  const temporary = `${file}.${process.pid}.tmp`
  try {
    makePrivateDirectories(home, dirname(file))
    writePrivateFile(temporary, JSON.stringify(content))
    const stamp = stampOf(temporary)
    renameSync(temporary, file)
    return stamp
  } catch {
    // Without a cache the next command asks Spotify.
    return undefined
  }
}

/** Tells one content of the cache from another without reading it; undefined where there is none. */
export function stampOf(file: string): string | undefined {
  try {
    const stat = statSync(file, { throwIfNoEntry: false })
    return stat && `${stat.ino} ${stat.mtimeMs}`
  } catch {
    return undefined
  }
}

/** Forgets what was playing, because the login is over. What cannot be removed belongs to a login that is gone. */
export function forgetPlayback(place: CachePlace): void {
  for (const file of [cacheFile(place), likedFile(place)]) {
    if (file === undefined) return
    try {
      rmSync(file, { force: true })
    } catch {}
  }
}

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
    writeFileSync(file, '', { mode: 0o600 })
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
    return await withFileLock(`${file}.lock`, changeCached, 0)
  } catch {
    // Somebody is asking, or there is no cache: what becomes known in a moment is as good.
    return false
  }
}
