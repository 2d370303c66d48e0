import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SpotifyAuthError } from '../../src/errors.ts'
import { follow } from '../../src/now-playing/follow.ts'
import { watch } from '../../src/now-playing/watch.ts'
import { track } from '../support/fixtures.ts'

interface Answers {
  /** What Spotify answers to each question: a body, or nothing plays, or it cannot be asked. */
  answer(count: number): object | undefined
  intervalSeconds?: number
  now?(): number
}

const credential = {
  clientId: 'app',
  accessToken: 'token',
  expiresAtMs: Number.POSITIVE_INFINITY,
  refreshToken: 'refresh',
  scopes: [],
  authorizedAtMs: 0,
}

// A watch of a login without files, for so many seconds of real time, and a Spotify that is made up.
async function watched(seconds: number, { answer, intervalSeconds, now = Date.now }: Answers) {
  const looks: number[] = []
  const told: string[] = []
  const shown: string[] = []
  const end = performance.now() + seconds * 1000
  const stop = new Error('stop')
  const { look } = follow(
    {
      home: '',
      profile: 'default',
      cacheDirectory: undefined,
      limitMemory: new Map(),
      apiUrl: 'https://api.invalid',
      limits: { respect: async () => {}, remember: async () => new SpotifyAuthError('rate_limited', 'no') },
      credentials: {
        stored: async () => credential,
        getValid: async () => credential,
        refresh: async () => credential,
      },
      commandLine: (words) => words,
      now,
      stderr: { write: (text: string) => void told.push(text) },
      async request() {
        looks.push(performance.now())
        const body = answer(looks.length)
        if (body instanceof Error) throw body
        return { status: body ? 200 : 204, headers: {}, body: JSON.stringify(body) ?? '' }
      },
    },
    { intervalSeconds },
  )
  const following = {
    look,
    async sleep(ms: number) {
      if (performance.now() >= end) throw stop
      await sleep(Math.min(ms, 100))
    },
  }
  const error = await watch({ now }, following, {
    render: (view) => view?.title ?? '',
    show: (text) => void shown.push(text),
  }).catch((error: unknown) => error)
  return { looks, told, shown, error: error === stop ? undefined : error }
}

const down = () => new SpotifyAuthError('unavailable', 'Spotify answered with status 503.')

describe.concurrent('--watch', () => {
  it('looks again when an answer is over, not before', async () => {
    const { looks } = await watched(4, { answer: () => track, intervalSeconds: 1.5 })
    expect(looks).toHaveLength(3)
  })

  it('starts over with short pauses, and tells again, after an error that has passed', async () => {
    const { looks, told } = await watched(8, {
      answer: (count) => (count % 2 ? down() : track),
      intervalSeconds: 0.5,
    })
    expect(told).toHaveLength(3)
    expect(looks.length).toBeGreaterThanOrEqual(5)
  }, 30_000)

  it('shows the last answer while there is no other, but not for ever', async () => {
    const from = performance.now()
    // Ten minutes pass in the third second.
    const now = () => 1_790_000_000_000 + performance.now() + (performance.now() - from > 2_000 ? 601_000 : 0)
    const answer = (count: number) => (count === 1 ? track : down())
    expect((await watched(1.5, { answer, intervalSeconds: 1, now })).shown).toEqual(['Clair de lune'])
    expect((await watched(6, { answer, intervalSeconds: 1, now })).shown).toEqual(['Clair de lune', ''])
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
