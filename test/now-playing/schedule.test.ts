import { describe, expect, it } from 'vitest'
import { simulateListening } from '../../bench/listening.ts'
import { askAgainAtMs, changedAtMs, type Pace, type Seen } from '../../src/now-playing/schedule.ts'
import { type Playback, readPlayback } from '../../src/web-api/playback.ts'
import { ad, episode, track, unknownItem } from '../support/fixtures.ts'

const nowMs = 1_790_000_000_000

/** A track of so many seconds, at this one. */
const at = (seconds: number, length = 240, changes: Partial<Playback> = {}): Playback => ({
  ...readPlayback(track, nowMs),
  progressMs: seconds * 1000,
  durationMs: length * 1000,
  ...changes,
})
const paused = (seconds = 100) => at(seconds, 240, { state: 'paused' })
const next = (seconds: number, changes: Partial<Playback> = {}) =>
  at(seconds, 240, { title: 'Passepied', uri: 'spotify:track:next', ...changes })

/** An answer of now; what plays has been left alone for so many seconds. */
const seen = (playback: Playback | null, calmSeconds: number): Seen => ({
  playback,
  fetchedAtMs: nowMs,
  changedAtMs: nowMs - calmSeconds * 1000,
})

describe('Spotify is asked again', () => {
  it.each<[what: string, seen: Seen, seconds: number, pace?: Pace]>([
    ['very soon after a change', seen(at(0), 0), 1.5],
    ['soon for half a minute after it', seen(at(32), 32), 2.5],
    ['rarely in the middle of a track', seen(at(33), 33), 9.7],
    ['no sooner in a long one', seen(at(1000, 3600), 1000), 9.7],
    ['when the track is over', seen(at(235), 235), 5.5],
    ['a moment after its end, when that is near', seen(at(239.9), 239), 0.6],
    ['at the end also soon after a change', seen(at(239), 0), 1.5],
    ['soon while a track is at its end', seen(at(240), 240), 1.5],
    ['rarely once it stays there', seen(at(240), 500), 29.5],
    ['rarely where the length is not known', seen(readPlayback(unknownItem, nowMs), 60), 9.7],
    ['soon after a pause', seen(paused(), 0), 1.5],
    ['soon for half a minute of silence', seen(paused(), 20), 2.5],
    ['rarely after some silence', seen(null, 100), 10],
    ['very rarely after a long one', seen(null, 300), 29.5],
    ['never more rarely than that', seen(paused(), 86_400), 29.5],
    ['at a fixed distance', seen(at(235), 0), 60, { intervalSeconds: 60 }],
    ['at a fixed distance of a second', seen(null, 300), 1, { intervalSeconds: 1 }],
    ['no sooner than the age that is allowed', seen(at(0), 0), 5, { maxAgeSeconds: 5 }],
    ['when the schedule says, which is later', seen(at(60), 60), 9.7, { maxAgeSeconds: 5 }],
    ['at the larger of both', seen(at(0), 0), 8, { intervalSeconds: 2, maxAgeSeconds: 8 }],
  ])('%s', (_, answer, seconds, pace) => {
    expect((askAgainAtMs(answer, pace) - nowMs) / 1000).toBeCloseTo(seconds, 6)
  })

  it('soon after a command of this program, though nobody has asked since', () => {
    const pausedLater = { ...seen(paused(), 0), changedAtMs: nowMs + 8_000 }
    expect(askAgainAtMs(pausedLater) - nowMs).toBe(9_500)
  })
})

describe('somebody has done something', () => {
  const calm = 200
  it.each<[what: string, before: Seen | undefined, playback: Playback | null, isNew: boolean]>([
    ['when nothing was known before', undefined, at(0), true],
    ['not when the track goes on', seen(at(10), calm), at(20), false],
    ['not when its position jumps', seen(at(10), calm), at(200), false],
    ['when another track plays', seen(at(10), calm), next(3), true],
    ['when another one begins half a minute before the end', seen(at(200), calm), next(1), true],
    ['not when the next one follows at the end', seen(at(235), calm), next(4.5), false],
    ['not when it follows a little sooner', seen(at(235), calm), next(6.5), false],
    ['when an advertisement follows', seen(at(235), calm), readPlayback(ad, nowMs), true],
    ['when nothing follows', seen(at(235), calm), null, true],
    ['when it is paused', seen(at(10), calm), paused(15), true],
    ['when it goes on after a pause', seen(paused(), calm), at(101), true],
    ['when music begins', seen(null, calm), at(1), true],
    ['not when Spotify forgets what was paused', seen(paused(), calm), null, false],
    ['when something paused appears', seen(null, calm), paused(), true],
    [
      'when an episode follows something of unknown length',
      seen(readPlayback(unknownItem, nowMs), calm),
      readPlayback(episode, nowMs),
      true,
    ],
  ])('%s', (_, before, playback, isNew) => {
    const fetchedAtMs = nowMs + 10_000
    expect(changedAtMs(before, { playback, fetchedAtMs })).toBe(isNew ? fetchedAtMs : nowMs - calm * 1000)
  })
})

describe('the schedule, in simulated time,', () => {
  const all = simulateListening(['by the schedule'])
  const of = (scene: string) => all.find((each) => each.scene === scene)

  it('takes at most 400 requests for an hour of 15 tracks', () => {
    expect(of('an hour of 15 tracks, none skipped')?.requests).toBeLessThanOrEqual(400)
  })

  it('takes at most 3,000 requests for a day with nothing playing', () => {
    expect(of('a day with nothing playing')?.requests).toBeLessThanOrEqual(3_000)
  })

  it('sees a skip on a phone within 10 seconds, soon after another one within 3', () => {
    const { seen_after, seen_soon_after } = of('the same with 20 skips on a phone') ?? {}
    expect(seen_after?.median).toBeLessThanOrEqual(5)
    expect(seen_after?.worst).toBeLessThanOrEqual(10)
    expect(seen_soon_after?.median).toBeLessThanOrEqual(1.5)
    expect(seen_soon_after?.worst).toBeLessThanOrEqual(3)
  })

  it('sees music within 30 seconds, also after a long silence', () => {
    expect(of('music after five hours of silence')?.seen_after?.worst).toBeLessThanOrEqual(30)
  })
})
