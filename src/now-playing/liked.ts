import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, SpotifyAuthError } from '../errors.ts'
import { identityOf } from '../session/credential.ts'
import { withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { isSaved } from '../web-api/library.ts'
import type { Following } from './follow.ts'
import { type KnownLiked, readLiked } from './liked-cache.ts'
import { likedFile } from './playback-cache.ts'
import { replaceShared, stampOf } from './playback-cache-changes.ts'
import type { Needs } from './source.ts'
import type { View } from './view.ts'

/** How long to wait for another process that asks, and how long a watch waits before it shows a track without it. */
const patienceMs = 1_000

/** How long it is not asked again after a failure. */
const failedMs = 60_000

type LookUpLiked = (view: View | undefined) => Promise<View | undefined>

/**
 * Finds out whether what is shown is in the user's library. Spotify is asked once for a track, by one process for all;
 * where it does not say, as without the scope `user-library-read`, that is left open.
 */
export function openLiked(needs: Needs): LookUpLiked {
  // What this process knows by itself, for where there are no files.
  let last: KnownLiked | undefined
  return async (view) => {
    // Neither an advertisement nor a file of the listener's own can be saved.
    if (!view?.uri || !/^spotify:(track|episode):/.test(view.uri)) return view
    last = await findOut(needs, view.uri, last)
    return { ...view, liked: last.liked ?? undefined }
  }
}

/** Shows it to a watch, also when a command of this program changes it. */
export function withLiked(needs: Needs, following: Following): Following {
  const lookUp = openLiked(needs)
  const file = likedFile(needs)
  const stampNow = () => file && stampOf(file)
  let stamp: string | undefined
  return {
    ...following,
    isNew: () => following.isNew() || stampNow() !== stamp,
    async look() {
      const { view, forMs } = await following.look()
      stamp = stampNow()
      // What comes too late is put into the file, and so is new.
      const late = sleep(patienceMs, view, { ref: false })
      return { view: await Promise.race([lookUp(view), late]), forMs }
    },
  }
}

async function findOut(needs: Needs, uri: string, last: KnownLiked | undefined): Promise<KnownLiked> {
  const login = identityOf(await needs.credentials.stored())
  const file = likedFile(needs)
  const isGood = (known: KnownLiked | undefined): known is KnownLiked =>
    known?.login === login &&
    known.uri === uri &&
    (known.liked !== null || Math.abs(needs.now() - known.askedAtMs) < failedMs)
  const notKnown = () => ({ login, uri, liked: null, askedAtMs: needs.now() })
  const ask = async (): Promise<KnownLiked> => {
    try {
      const [liked = null] = await isSaved(needs, [uri])
      return { ...notKnown(), liked }
    } catch (error) {
      if (error instanceof SpotifyAuthError) return notKnown()
      throw error
    }
  }
  if (file === undefined) return isGood(last) ? last : ask()

  const askOnce = async (isRepeated: boolean): Promise<KnownLiked> => {
    const stamp = stampOf(file)
    const other = readLiked(file, login)
    if (isGood(other)) return other
    const fresh = await ask()
    // A command of this program has changed it, perhaps after Spotify had answered.
    if (stampOf(file) !== stamp && !isRepeated) return askOnce(true)
    replaceShared(needs, file, fresh)
    return fresh
  }
  const known = readLiked(file, login)
  if (isGood(known)) return known
  try {
    makePrivateDirectories(needs.home, dirname(file))
    return await withFileLock(`${file}.lock`, () => askOnce(false), patienceMs)
  } catch (error) {
    // Somebody is asking, and takes long.
    if (codeOf(error) === 'busy') return notKnown()
    // Where nothing can be shared, each process asks for itself.
    return isGood(last) ? last : ask()
  }
}
