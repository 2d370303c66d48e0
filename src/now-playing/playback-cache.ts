import { resolve } from 'node:path'
import { identityOf } from '../session/credential.ts'
import type { CredentialSource } from '../session/credential-source.ts'
import { readSmallFile } from '../system/small-file.ts'
import { parseFields } from '../untrusted/fields.ts'
import { isPlayback } from '../web-api/playback.ts'
import type { Seen } from './schedule.ts'

/** Whose cache, and where it is. */
export interface CachePlace {
  home: string
  profile: string
  cacheDirectory: string | undefined
}

/** An answer of Spotify's that all commands of a login share. */
export interface CachedPlayback extends Seen {
  /** The login that it was fetched with, so that another login of the same profile does not see it. */
  login: string
}

/** One file a profile; undefined for a login that writes no files. */
export function cacheFile({ cacheDirectory, profile }: CachePlace): string | undefined {
  return cacheDirectory === undefined ? undefined : resolve(cacheDirectory, `${profile}.json`)
}

/** Beside it, whether the track is in the user's library; no profile's cache can be called so. */
export function likedFile(place: CachePlace): string | undefined {
  const file = cacheFile(place)
  return file && `${file}.liked`
}

/** What is in the cache for this login; undefined where there is nothing, or something of another version of the program. */
export function readCache(place: CachePlace, login: string): CachedPlayback | undefined {
  const file = cacheFile(place)
  if (file === undefined) return undefined
  let text: string
  try {
    text = readSmallFile(file).toString()
  } catch {
    return undefined
  }
  const { login: fetchedWith, fetchedAtMs, changedAtMs, playback } = parseFields(text)
  if (fetchedWith !== login || typeof fetchedAtMs !== 'number' || typeof changedAtMs !== 'number')
    return undefined
  return playback === null || isPlayback(playback) ? { login, fetchedAtMs, changedAtMs, playback } : undefined
}

/** What is cached for the login as it is now; throws `login_required` when there is none. */
export async function readShared(
  needs: CachePlace & { credentials: CredentialSource },
): Promise<CachedPlayback | undefined> {
  return readCache(needs, identityOf(await needs.credentials.stored()))
}

/** The age in milliseconds; infinite when the entry seems to come from the future, because the clock was set back. */
export function ageOf({ now }: { now(): number }, { fetchedAtMs }: CachedPlayback): number {
  const ageMs = now() - fetchedAtMs
  return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs
}
