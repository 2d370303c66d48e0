import type { Context } from '../context.ts'
import { codeOf, isLoginOver, mayPass, type SpotifyAuthError, systemCode } from '../errors.ts'
import { openAlarm } from '../system/alarm.ts'
import type { Playback } from '../web-api/playback.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { askForAll } from './ask-for-all.ts'
import { askWithPauses } from './ask-with-pauses.ts'
import { knowPlayback } from './known-playback.ts'
import { ageOf, type CachedPlayback, cacheFile, likedFile } from './playback-cache.ts'
import { askAgainAtMs, type Pace } from './schedule.ts'
import { standInMs } from './source.ts'

type Needs = WebApi &
  Pick<Context, 'home' | 'profile' | 'cacheDirectory' | 'limitMemory'> & {
    stderr: Pick<Context['stderr'], 'write'>
  }

/** What is playing, for somebody who stays. */
export interface Following {
  /**
   * What is known at this moment. It does not wait for Spotify, who is asked beside it where that is due and nobody else
   * does it. Throws an error that does not pass by itself.
   */
  look(): Promise<Sight>
  /** Sleeps for so long, or until there may be something new. */
  sleep(ms: number): Promise<void>
}

export interface Sight {
  /**
   * As Spotify told it, and whether it is in the user's library where somebody asks; null where nothing plays or nothing is
   * known, undefined while that is being asked.
   */
  playback: (Playback & { liked?: boolean }) | null | undefined
  /** Whether it is older than it should be, because Spotify may not be asked. */
  stale: boolean
  /** For how long it will do, if nothing happens meanwhile. */
  forMs: number
}

/** How old an answer may be while another process fetches the next: somewhat older than the schedule lets it get. */
const usableForMs = 45_000

/** How soon to look again for what another process is fetching. */
const fetchingMs = 200

/** How soon to look again whether a limit still holds, or somebody has logged in; that is no request. */
const limitedMs = 5_000
const loggedOutMs = 500

const firstPauseMs = 3_000
const longestPauseMs = 60_000

/**
 * Follows what is playing, together with all watches of the profile; a login without files has its own. Whatever happens
 * to the files, by another watch, another command or another login, is seen while a question is under way, too, and
 * then the question is given up. An error that may pass is told once, and another attempt made at growing intervals.
 */
export function follow(needs: Needs, pace: Pace): Following {
  const { now, stderr } = needs
  const file = cacheFile(needs)
  const known = knowPlayback(needs)
  const liked = likedFile(needs)
  const alarm = openAlarm(liked ? [...known.files, liked] : [])
  /** What is shown, until there is another answer or another login. */
  let last: CachedPlayback | undefined
  let stale = false
  /** The question that is under way. */
  let question: AbortController | undefined
  /** When to ask, in monotonic time, which does not jump when the clock is set. */
  let askAtMs = 0
  let failures = 0
  let fatal: { error: unknown } | undefined
  let isToldUnshared = false

  return {
    async look() {
      if (await known.update()) {
        giveUp()
        askAtMs = 0
      }
      if (fatal) throw fatal.error
      if (!question && performance.now() >= askAtMs) begin()
      if (last && !known.isOurs(last)) last = undefined
      const none = question ? undefined : null
      const forMs = question ? Number.POSITIVE_INFINITY : Math.max(0, askAtMs - performance.now())
      return { playback: last ? last.playback : none, stale, forMs }
    },
    sleep: alarm.sleep,
  }

  function begin(): void {
    const mine = new AbortController()
    question = mine
    const end = (take: () => void) => {
      // What was given up may be about somebody else.
      if (question !== mine) return
      question = undefined
      take()
      alarm.ring()
    }
    ask(mine.signal).then(
      (answer) => end(() => succeed(answer)),
      (error) => end(() => fail(error)),
    )
  }

  function giveUp(): void {
    question?.abort()
    question = undefined
  }

  async function ask(signal: AbortSignal): Promise<CachedPlayback> {
    const askNow = (before?: CachedPlayback) => askWithPauses(needs, before, signal)
    if (file === undefined) return askNow(last)
    const read = async () => {
      await known.update()
      return known.newest()
    }
    const isGood = (cached: CachedPlayback) => leftMsOf(cached) > 0
    return askForAll(needs, file, { isGood, usableForMs, read, ask: askNow, keep, signal })
  }

  function leftMsOf(cached: CachedPlayback): number {
    return Number.isFinite(ageOf(needs, cached)) ? askAgainAtMs(cached, pace) - now() : 0
  }

  function keep(fresh: CachedPlayback): void {
    try {
      known.keep(fresh)
    } catch (error) {
      const why = systemCode(error) ?? String(error)
      if (!isToldUnshared)
        stderr.write(`What plays cannot be shared with other commands: ${file} cannot be written (${why}).\n`)
      isToldUnshared = true
    }
  }

  function succeed(answer: CachedPlayback): void {
    last = answer
    stale = false
    failures = 0
    askAtMs = performance.now() + Math.max(fetchingMs, leftMsOf(answer))
  }

  function fail(error: unknown): void {
    if (!mayPass(error)) {
      fatal = { error }
      return
    }
    const isLimited = codeOf(error) === 'rate_limited'
    if (isLimited) last ??= known.newest()
    if (last && now() - last.fetchedAtMs > standInMs) last = undefined
    stale = isLimited && last !== undefined
    askAtMs = performance.now() + (stale ? limitedMs : pauseAfter(error))
  }

  /** Tells the first of several failures, and returns the time until the next attempt. */
  function pauseAfter(error: SpotifyAuthError): number {
    if (failures === 0) stderr.write(`${[error.message, error.hint].filter(Boolean).join(' ')}\n`)
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures++)
    return isLoginOver(error) ? loggedOutMs : pauseMs
  }
}
