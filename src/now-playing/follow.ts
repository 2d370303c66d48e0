import { watch as watchFiles } from 'node:fs'
import { basename, dirname } from 'node:path'
import { codeOf, SpotifyAuthError } from '../errors.ts'
import { type LimitMemory, leftOf } from '../network/limit-memory.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { askForAll, askSpotify } from './ask-for-all.ts'
import { ageOf, type CachedPlayback, cacheFile, likedFile, readShared } from './playback-cache.ts'
import { stampOf } from './playback-cache-changes.ts'
import { askAgainAtMs, type Pace } from './schedule.ts'
import { type Needs as SourceNeeds, standIn, viewOf } from './source.ts'
import type { View } from './view.ts'

interface Needs extends SourceNeeds {
  limitMemory: LimitMemory
}

/** What is playing, for somebody who stays. */
export interface Following {
  /** Whether somebody else has put something new into the cache. */
  isNew(): boolean
  /** What is playing, as far as anybody knows; Spotify is asked where that is due, and nobody else does it. */
  look(): Promise<Sight>
  /** Sleeps for so long, or until there may be something new. */
  sleep(ms: number): Promise<void>
}

interface Sight {
  view: View | undefined
  /** For how long it will do. */
  forMs: number
}

/** How old an answer may be while another process fetches the next: somewhat older than the schedule lets it get. */
const usableForMs = 45_000

/** How soon to look again for what another process is fetching. */
const fetchingMs = 200

/** How often to look for something new where the system does not tell of changes. */
const untoldMs = 500

/** How soon to look again whether a limit still holds; that is no request. */
const limitedMs = 5_000

const firstPauseMs = 3_000
const longestPauseMs = 60_000

/** Shares answers, and pauses after failures, with all watches of the profile; a login without files has its own. */
export function follow(needs: Needs, pace: Pace): Following {
  const file = cacheFile(needs)
  let last: CachedPlayback | undefined
  let knownStamp: string | undefined
  let wake = () => {}
  const isTold = file === undefined || tellOfChanges(needs, file, () => wake())
  const leftMsOf = (cached: CachedPlayback) =>
    Number.isFinite(ageOf(needs, cached)) ? askAgainAtMs(cached, pace) - needs.now() : 0
  const ask = (before?: CachedPlayback) => withPauses(needs, () => askSpotify(needs, before))
  let found: CachedPlayback | undefined
  const keep = (cached: CachedPlayback | undefined, stamp: string | undefined) => {
    found = cached
    knownStamp = stamp
  }
  const read = async (file: string) => {
    const stamp = stampOf(file)
    if (stamp === undefined || stamp !== knownStamp) {
      keep(undefined, stamp)
      found = await readShared(needs)
    }
    return found
  }
  return {
    isNew: () => file !== undefined && stampOf(file) !== knownStamp,
    async look() {
      try {
        const isGood = (cached: CachedPlayback) => leftMsOf(cached) > 0
        last =
          file === undefined
            ? await ask(last)
            : await askForAll(needs, file, {
                isGood,
                usableForMs,
                ask,
                read: () => read(file),
                written: keep,
                last,
              })
        return { view: viewOf(needs, last.playback), forMs: Math.max(fetchingMs, leftMsOf(last)) }
      } catch (error) {
        const cached = await standIn(needs, error)
        if (!cached) throw error
        return { view: viewOf(needs, cached.playback, true), forMs: limitedMs }
      }
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, isTold ? ms : Math.min(ms, untoldMs))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}

/** Calls back whenever the file, or the one beside it, may have changed; returns whether the system can do that. */
function tellOfChanges(needs: Needs, file: string, tell: () => void): boolean {
  const directory = dirname(file)
  const names = [file, likedFile(needs) ?? file].map((each) => basename(each))
  try {
    makePrivateDirectories(needs.home, directory)
    watchFiles(directory, { persistent: false }, (_, changed) => {
      if (changed !== null && names.includes(changed)) tell()
    }).on('error', () => {})
    return true
  } catch {
    return false
  }
}

/** Asks, unless that has just failed for another watch; each pause is twice as long as the one before. */
async function withPauses<T>({ profile, limitMemory, now }: Needs, ask: () => Promise<T>): Promise<T> {
  const name = `${profile}.now-playing`
  const pause = limitMemory.get(name)
  if (leftOf(pause, now()) > 0) {
    throw new SpotifyAuthError('unavailable', 'Spotify did not answer another command a moment ago.')
  }
  try {
    const answer = await ask()
    if (pause) await limitMemory.delete(name)
    return answer
  } catch (error) {
    if (codeOf(error) === 'network' || codeOf(error) === 'unavailable') {
      const forMs = pause ? Math.min(2 * pause.forMs, longestPauseMs) : firstPauseMs
      await limitMemory.set(name, { setAtMs: now(), forMs })
    }
    throw error
  }
}
