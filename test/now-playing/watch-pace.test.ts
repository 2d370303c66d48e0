import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SpotifyAuthError } from '../../src/errors.ts'
import { viewAt } from '../../src/now-playing/view.ts'
import { watch } from '../../src/now-playing/watch.ts'
import { readPlayback } from '../../src/web-api/playback.ts'
import { track } from '../support/fixtures.ts'

interface Answers {
  /** What each look finds; for how long it will do. */
  answer(count: number): unknown
  forMs?: number
  isNew?(): boolean
  now?(): number
}

// The watch alone, for so many seconds of real time.
async function watched(
  seconds: number,
  { answer, forMs = 3_000, isNew = () => false, now = Date.now }: Answers,
) {
  const looks: number[] = []
  const told: string[] = []
  const shown: string[] = []
  const output = { isTerminal: false, columns: 80, write: (text: string) => void told.push(text) }
  const end = performance.now() + seconds * 1000
  const stop = new Error('stop')
  const following = {
    isNew: () => {
      if (performance.now() >= end) throw stop
      return isNew()
    },
    async look() {
      looks.push(performance.now())
      const body = answer(looks.length)
      if (body instanceof Error) throw body
      return { view: body === undefined ? undefined : viewAt(readPlayback(body, now()), now()), forMs }
    },
    sleep: (ms: number) => sleep(Math.min(ms, 100)),
  }
  const error = await watch({ now, stderr: output }, following, {
    render: (view) => view?.title ?? '',
    show: (text) => void shown.push(text),
  }).catch((error: unknown) => error)
  return { looks, told, shown, error: error === stop ? undefined : error }
}

const down = () => new SpotifyAuthError('unavailable', 'Spotify answered with status 503.')

describe.concurrent('--watch', () => {
  it('looks again when an answer is over, not before', async () => {
    const { looks } = await watched(4, { answer: () => track, forMs: 1_500 })
    expect(looks).toHaveLength(3)
  })

  it('looks at once when somebody has changed what is shared', async () => {
    const news = [false, false, true]
    const isNew = () => news.shift() ?? false
    expect((await watched(2, { answer: () => track, isNew })).looks).toHaveLength(2)
  })

  it('starts over with short pauses, and tells again, after an error that has passed', async () => {
    const { looks, told } = await watched(14, { answer: (count) => (count % 2 ? down() : track) })
    expect(told).toHaveLength(3)
    expect(looks.length).toBeGreaterThanOrEqual(5)
  }, 30_000)

  it('shows the last answer while there is no other, but not for ever', async () => {
    const from = performance.now()
    // Ten minutes pass in the third second.
    const now = () => 1_790_000_000_000 + performance.now() + (performance.now() - from > 2_000 ? 601_000 : 0)
    const answer = (count: number) => (count === 1 ? track : down())
    expect((await watched(1.5, { answer, forMs: 1_000, now })).shown).toEqual(['Clair de lune'])
    expect((await watched(6, { answer, forMs: 1_000, now })).shown).toEqual(['Clair de lune', ''])
  })

  it.each(['missing_scope', 'forbidden', 'config'] as const)('ends with %s', async (code) => {
    const answer = () => new SpotifyAuthError(code, 'no')
    expect((await watched(3, { answer })).error).toMatchObject({ code })
  })

  it.each(['storage', 'busy', 'network', 'rate_limited'] as const)('goes on after %s', async (code) => {
    const answer = () => new SpotifyAuthError(code, 'no')
    expect((await watched(2, { answer })).error).toBeUndefined()
  })
})
