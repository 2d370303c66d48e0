import { identityOf } from '../session/credential.ts'
import type { CredentialSource } from '../session/credential-source.ts'
import { readSmallFile } from '../system/small-file.ts'
import { parseFields } from '../untrusted/fields.ts'
import { type CachePlace, likedFile } from './playback-cache.ts'
import { emptyShared, replaceShared } from './playback-cache-changes.ts'

/** Whether one track is in the user's library: the one that was asked about last, because that is the one that plays. */
export interface KnownLiked {
  /** The login that it was asked with. */
  login: string
  uri: string
  /** Null where Spotify did not say. */
  liked: boolean | null
  askedAtMs: number
}

/** What commands share of it; undefined where that is nothing, or another login's. */
export function readLiked(file: string, login: string): KnownLiked | undefined {
  let text: string
  try {
    text = readSmallFile(file).toString()
  } catch {
    return undefined
  }
  const { login: askedWith, uri, liked, askedAtMs } = parseFields(text)
  const isWhole = typeof uri === 'string' && (liked === null || typeof liked === 'boolean')
  if (askedWith !== login || !isWhole || typeof askedAtMs !== 'number') return undefined
  return { login, uri, liked, askedAtMs }
}

/** Lets everybody see that a command has saved these, or has removed them: watches look at the file all the time. */
export async function changeLiked(
  needs: CachePlace & { credentials: CredentialSource },
  uris: readonly string[],
  liked: boolean,
): Promise<void> {
  const file = likedFile(needs)
  if (file === undefined) return
  const known = readLiked(file, identityOf(await needs.credentials.stored()))
  if (!known) return emptyShared(file)
  // Written also for another track: whoever asks about one of these at this moment must see that this came in between.
  replaceShared(needs, file, uris.includes(known.uri) ? { ...known, liked } : known)
}
