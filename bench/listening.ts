import { askAgainAtMs, changedAtMs, type Seen } from '../src/now-playing/schedule.ts'
import { type Playback, readPlayback } from '../src/web-api/playback.ts'
import { median } from './median.ts'

/** What somebody hears from this instant on; without a title, nothing. */
interface Heard {
  fromMs: number
  title: string | undefined
  /** It began because somebody wanted it, not because the track before it was over. */
  isWanted: boolean
}

/** Says when to ask again, after this answer. */
type Way = (seen: Seen) => number

const ways = {
  'by the schedule': (seen) => askAgainAtMs(seen),
  'every 3 seconds': ({ fetchedAtMs }) => fetchedAtMs + 3_000,
} satisfies Record<string, Way>

/** What a way of asking costs, and after how many seconds it sees what somebody does; the names are those of `--json`. */
export interface Asking {
  scene: string
  way: string
  /** The mean of all runs of the scene. */
  requests: number
  seen_after?: Delays
  /** The same of what is done within half a minute of when something else was seen. */
  seen_soon_after?: Delays
}

interface Delays {
  median: number
  worst: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const trackMs = hourMs / 15
const soonAfterMs = 30_000

const endingMs = 3_000

/** How long a request takes; the answer is of its middle. */
const requestMs = 150

/** A hundred runs of each scene with other instants, the same in every benchmark. */
const runs = 100

/** Asks in simulated time, in each of these ways. */
export function simulateListening(wanted = Object.keys(ways) as (keyof typeof ways)[]): Asking[] {
  const random = numbers()
  const repeated = (make: () => Heard[]) => Array.from({ length: runs }, make)
  const scenes: [name: string, untilMs: number, runs: Heard[][]][] = [
    ['an hour of 15 tracks, none skipped', hourMs, [hourOfTracks([])]],
    ['the same with 20 skips on a phone', hourMs, repeated(() => hourOfTracks(skips(20, random)))],
    ['a day with nothing playing', dayMs, [[silence]]],
    [
      'music after five hours of silence',
      6 * hourMs,
      repeated(() => [silence, { fromMs: (5 + random() / 2) * hourMs, title: 'Music', isWanted: true }]),
    ],
  ]
  return scenes.flatMap(([scene, untilMs, all]) =>
    wanted.map((way) => {
      const results = all.map((heard) => simulate(heard, untilMs, ways[way]))
      return {
        scene,
        way,
        requests: Math.round(results.reduce((sum, { requests }) => sum + requests, 0) / results.length),
        seen_after: delaysOf(results.flatMap(({ alone }) => alone)),
        seen_soon_after: delaysOf(results.flatMap(({ soonAfter }) => soonAfter)),
      }
    }),
  )
}

export function formatListening(all: Asking[]): string {
  const seconds = (delays?: Delays) =>
    delays ? `${delays.median.toFixed(1)} / ${delays.worst.toFixed(1)} s` : ''
  const lines = [
    ['', '', 'requests', 'seen after', 'soon after another'],
    ...all.map(({ scene, way, requests, seen_after, seen_soon_after }, index) => [
      all[index - 1]?.scene === scene ? '' : scene,
      way,
      requests.toLocaleString('en'),
      seconds(seen_after),
      seconds(seen_soon_after),
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const silence: Heard = { fromMs: 0, title: undefined, isWanted: false }

/** Instants of an hour at which somebody skips: alone, or a few times in a row. */
function skips(count: number, random: () => number): number[] {
  const all: number[] = []
  while (all.length < count) {
    let atMs = random() * (hourMs - 2 * minuteMs)
    for (
      let left = random() < 0.5 ? 1 : 2 + Math.floor(random() * 3);
      left > 0 && all.length < count;
      left--
    ) {
      all.push(atMs)
      atMs += 2_000 + random() * 20_000
    }
  }
  return all.sort((one, other) => one - other)
}

function hourOfTracks(skipsAtMs: number[]): Heard[] {
  const heard: Heard[] = []
  let isWanted = false
  for (let fromMs = 0; fromMs < hourMs; ) {
    heard.push({ fromMs, title: `Track ${heard.length}`, isWanted })
    const endMs = fromMs + trackMs
    // Seconds before or after the end of a track, a skip is as good as that end, for the listener, too.
    const fromSkipMs: number = isWanted ? fromMs : fromMs + endingMs
    const skipAtMs: number = skipsAtMs.find((atMs) => atMs > fromSkipMs) ?? endMs
    isWanted = skipAtMs < endMs - endingMs
    fromMs = isWanted ? skipAtMs : endMs
  }
  return heard
}

/** One run; whoever asks knows already what is heard first, and that it has been so for long. */
function simulate(heard: Heard[], untilMs: number, askAgain: Way) {
  let seen: Seen = { playback: playbackAt(heard, 0), fetchedAtMs: 0, changedAtMs: -minuteMs }
  const changes: { title: string | undefined; atMs: number }[] = []
  let requests = 0
  for (let atMs = askAgain(seen); atMs < untilMs; atMs = askAgain(seen)) {
    requests++
    const answer = { playback: playbackAt(heard, atMs + requestMs / 2), fetchedAtMs: atMs + requestMs }
    seen = { ...answer, changedAtMs: changedAtMs(seen, answer) }
    changes.push({ title: titleOf(answer.playback), atMs: answer.fetchedAtMs })
  }
  const alone: number[] = []
  const soonAfter: number[] = []
  let lastSeenMs = Number.NEGATIVE_INFINITY
  for (const [index, { fromMs, isWanted }] of heard.entries()) {
    if (!isWanted) continue
    // What nobody saw before it was skipped as well is seen with what came next.
    const later = new Set(heard.slice(index).map(({ title }) => title))
    const seenAtMs = changes.find(({ title }) => later.has(title))?.atMs
    if (seenAtMs === undefined) continue
    const isSoonAfter = fromMs >= lastSeenMs && fromMs <= lastSeenMs + soonAfterMs
    ;(isSoonAfter ? soonAfter : alone).push(seenAtMs - fromMs)
    lastSeenMs = seenAtMs
  }
  return { requests, alone, soonAfter }
}

function playbackAt(heard: Heard[], atMs: number): Playback | null {
  const now = heard.findLast(({ fromMs }) => fromMs <= atMs)
  if (now?.title === undefined) return null
  return {
    ...readPlayback({ is_playing: true, currently_playing_type: 'track' }, atMs),
    title: now.title,
    uri: now.title,
    progressMs: atMs - now.fromMs,
    durationMs: trackMs,
  }
}

function titleOf(playback: Playback | null): string | undefined {
  return playback?.title ?? undefined
}

function delaysOf(allMs: number[]): Delays | undefined {
  if (allMs.length === 0) return undefined
  return { median: median(allMs) / 1000, worst: Math.max(...allMs) / 1000 }
}

/** Numbers from 0 to 1 that look random, and are the same in every run. */
function numbers(): () => number {
  let state = 20_260_721
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
