import type { Playback } from '../web-api/playback.ts'

/** What is known of the playback, and since when nobody has meddled with it. */
export interface Seen {
  /** Null when nothing was playing. */
  playback: Playback | null
  /** When Spotify was asked. */
  fetchedAtMs: number
  /** When somebody last did something: started, skipped, paused. A track that follows by itself is none of these. */
  changedAtMs: number
}

/** What the user asks for instead. */
export interface Pace {
  /** A fixed distance. */
  intervalSeconds?: number
  /** Never sooner after an answer than this. */
  maxAgeSeconds?: number
}

/** After a change people often go on: so for a while it is looked at closely, the first time sooner still. */
const restlessMs = 33_000
const soonMs = 1_500
const closeMs = 2_500

/** The distances otherwise; a request takes a moment, too, so that a change is seen within 10 and within 30 seconds. */
const playingMs = 9_700
const silentMs = 29_500

/** By when Spotify knows what follows a track. */
const afterEndMs = 500

/** How far from the end of a track the next one may begin for it to have followed by itself. */
const gapMs = 3_000

/** When Spotify is asked again, in Unix milliseconds: when the answer is likely to be another one. */
export function askAgainAtMs(seen: Seen, { intervalSeconds, maxAgeSeconds = 0 }: Pace = {}): number {
  const { fetchedAtMs } = seen
  const atMs = intervalSeconds === undefined ? likelyAtMs(seen) : fetchedAtMs + intervalSeconds * 1000
  return Math.max(atMs, fetchedAtMs + maxAgeSeconds * 1000)
}

function likelyAtMs(seen: Seen): number {
  const { playback, fetchedAtMs, changedAtMs } = seen
  // A command of this program changes what is known without asking.
  const knownAtMs = Math.max(fetchedAtMs, changedAtMs)
  const calmMs = knownAtMs - changedAtMs
  const endsAtMs = endOf(seen)
  const isAtEnd = endsAtMs !== undefined && endsAtMs <= fetchedAtMs
  // That a track stays at its end is what a device says that has vanished.
  if (isAtEnd && calmMs < (playback?.durationMs ?? 0) + restlessMs) return knownAtMs + soonMs
  if (calmMs < soonMs) return Math.min(knownAtMs + soonMs, afterEnd(endsAtMs))
  if (calmMs < restlessMs) return Math.min(knownAtMs + closeMs, afterEnd(endsAtMs))
  if (playback?.state === 'playing' && !isAtEnd) return Math.min(knownAtMs + playingMs, afterEnd(endsAtMs))
  return knownAtMs + Math.min(silentMs, calmMs / 10)
}

function afterEnd(endsAtMs = Number.POSITIVE_INFINITY): number {
  return endsAtMs + afterEndMs
}

/** When the track that plays ends; undefined where nothing plays, or where its length is not known. */
function endOf({ playback, fetchedAtMs }: Seen): number | undefined {
  if (playback?.state !== 'playing' || playback.progressMs === null || !playback.durationMs) return undefined
  return fetchedAtMs + playback.durationMs - playback.progressMs
}

/** Since when nobody has meddled, as of an answer of now and the one before it. */
export function changedAtMs(
  before: Seen | undefined,
  { playback, fetchedAtMs }: Omit<Seen, 'changedAtMs'>,
): number {
  if (!before) return fetchedAtMs
  const isSame = isSameItem(before.playback, playback) && before.playback?.state === playback?.state
  // Spotify forgets after a while what was paused.
  const isForgotten = playback === null && before.playback?.state === 'paused'
  return isSame || isForgotten || isSequel(before, { playback, fetchedAtMs })
    ? before.changedAtMs
    : fetchedAtMs
}

function isSameItem(one: Playback | null, other: Playback | null): boolean {
  return one?.uri === other?.uri && one?.title === other?.title && one?.type === other?.type
}

/** Whether something began when what was before it ended. An advertisement is too short to be left alone like a track. */
function isSequel(before: Seen, { playback, fetchedAtMs }: Omit<Seen, 'changedAtMs'>): boolean {
  const endedAtMs = endOf(before)
  if (endedAtMs === undefined || playback?.state !== 'playing' || playback.type === 'ad') return false
  const beganAtMs = fetchedAtMs - (playback.progressMs ?? 0)
  return Math.abs(beganAtMs - endedAtMs) <= gapMs
}
