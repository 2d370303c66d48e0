import { dirname } from 'node:path'
import { codeOf, SpotifyAuthError } from '../errors.ts'
import { identityOf } from '../session/credential.ts'
import { withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { stampOf } from '../system/stamp.ts'
import { isSaved } from '../web-api/library.ts'
import type { Playback } from '../web-api/playback.ts'
import { askOnce, type Shared } from './ask-once.ts'
import type { Following } from './follow.ts'
import { type KnownLiked, readLiked } from './liked-cache.ts'
import { likedFile } from './playback-cache.ts'
import { replaceShared } from './playback-cache-changes.ts'
import type { Needs } from './source.ts'

/** How long to wait for another process that asks, and how long a watch waits before it shows a track without it. */
const patienceMs = 1_000

/** How long it is not asked again after a failure. */
const failedMs = 60_000

type LookUpLiked = <T extends Playback>(playing: T) => Promise<T & { liked?: boolean }>

/**
 * Finds out whether what is shown is in the user's library. Spotify is asked once for a track, by one process for all;
 * where it does not say, as without the scope `user-library-read`, that is left open.
 */
export function openLiked(needs: Needs): LookUpLiked {
  // What this process knows by itself, for where there are no files.
  let last: KnownLiked | undefined
  return async (playing) => {
    // Neither an advertisement nor a file of the listener's own can be saved.
    if (!playing.uri || !/^spotify:(track|episode):/.test(playing.uri)) return playing
    last = await findOut(needs, playing.uri, last)
    return { ...playing, liked: last.liked ?? undefined }
  }
}

/** Shows it to a watch, also when a command of this program changes it. */
export function withLiked(needs: Needs, following: Following): Following {
  const lookUp = openLiked(needs)
  const file = likedFile(needs)
  let stamp: string | undefined
  let asked: Playback | undefined
  let answer: Promise<Playback>
  let found: Playback | undefined
  let patientUntilMs = 0
  return {
    ...following,
    async look() {
      for (;;) {
        const sight = await following.look()
        const { playback } = sight
        if (!playback) return sight
        const stampNow = file && stampOf(file)
        if (playback !== asked || stampNow !== stamp) {
          asked = playback
          stamp = stampNow
          found = undefined
          answer = lookUp(playback)
          patientUntilMs = performance.now() + patienceMs
        }
        const leftMs = patientUntilMs - performance.now()
        // What comes too late is put into the file, and so is new.
        found ??=
          leftMs <= 0 ? playback : await Promise.race([answer, following.sleep(leftMs).then(() => undefined)])
        if (found) return { ...sight, playback: found }
        // Something may have happened meanwhile.
      }
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

  const shared: Shared<KnownLiked> = {
    isGood,
    read: () => readLiked(file, login),
    ask,
    keep: (fresh) => replaceShared(needs, file, fresh),
  }
  const known = readLiked(file, login)
  if (isGood(known)) return known
  try {
    makePrivateDirectories(needs.home, dirname(file))
    return await withFileLock(needs.home, `${file}.lock`, () => askOnce(file, shared), patienceMs)
  } catch (error) {
    // Somebody is asking, and takes long.
    if (codeOf(error) === 'busy') return notKnown()
    // Where nothing can be shared, each process asks for itself.
    return isGood(last) ? last : ask()
  }
}
