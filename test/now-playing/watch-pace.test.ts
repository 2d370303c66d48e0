import { describe, expect, it } from 'vitest'
import { SpotifyAuthError } from '../../src/errors.ts'
import { viewAt } from '../../src/now-playing/view.ts'
import { watch } from '../../src/now-playing/watch.ts'
import { readPlayback } from '../../src/web-api/playback.ts'
import { track } from '../support/fixtures.ts'

// The watch alone, for so many seconds of real time; `answer` is what Spotify says to each request.
async function watched(seconds: number, answer: (count: number) => unknown) {
  const at: number[] = []
  const told: string[] = []
  const output = { isTerminal: false, columns: 80, write: (text: string) => void told.push(text) }
  const end = Date.now() + seconds * 1000
  const stop = new Error('stop')
  const ended = watch(
    { now: Date.now, stderr: output },
    {
      async ask() {
        at.push(Date.now())
        const body = answer(at.length)
        if (body instanceof Error) throw body
        return body === undefined ? undefined : viewAt(readPlayback(body, Date.now()), Date.now())
      },
      render: () => {
        if (Date.now() >= end) throw stop
        return ''
      },
      show() {},
    },
  )
  const error = await ended.catch((error: unknown) => error)
  return { at, told, error: error === stop ? undefined : error }
}

const down = () => new SpotifyAuthError('unavailable', 'Spotify answered with status 503.')

describe.concurrent('--watch', () => {
  it('asks every five seconds while nothing plays', async () => {
    expect((await watched(4, () => undefined)).at).toHaveLength(1)
  })

  it('does not ask more than twice a second at the end of a track', async () => {
    const ending = { ...track, progress_ms: track.item.duration_ms }
    expect((await watched(3, () => ending)).at.length).toBeLessThanOrEqual(7)
  })

  it('starts over with short pauses, and tells again, after an error that has passed', async () => {
    const { at, told } = await watched(14, (count) => (count % 2 ? down() : track))
    expect(told).toHaveLength(3)
    expect(at.length).toBeGreaterThanOrEqual(5)
  }, 30_000)

  it.each(['missing_scope', 'forbidden', 'config'] as const)('ends with %s', async (code) => {
    expect((await watched(3, () => new SpotifyAuthError(code, 'no'))).error).toMatchObject({ code })
  })

  it.each(['storage', 'busy', 'network', 'rate_limited'] as const)('goes on after %s', async (code) => {
    expect((await watched(2, () => new SpotifyAuthError(code, 'no'))).error).toBeUndefined()
  })
})
