import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { type ApiDescription, loadApiDescription } from './api-description.ts'
import { ad, episode, localFile, pausedTrack, track, unknownItem } from './fixtures.ts'
import { type StandIn, startStandIn } from './stand-in.ts'

const profile = { method: 'GET', path: '/v1/me' }
const playing = { method: 'GET', path: '/v1/me/player/currently-playing' }

const description = loadApiDescription()
let spotify: StandIn
let accessToken: string

beforeAll(async () => {
  spotify = await startStandIn()
  accessToken = (await spotify.issue()).access_token
})

afterAll(() => spotify.close())

function describedApi(ctx: TestContext): ApiDescription {
  return description ?? ctx.skip('the Web API description is not here')
}

async function get(path: string, authorization = `Bearer ${accessToken}`) {
  const response = await fetch(`${spotify.accountsUrl}${path}`, { headers: { authorization } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** The description forgets that these members can be null, and says so in words only, or not at all. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}

describe('the answers of the stand-in fit the description', () => {
  it('the profile', async (ctx) => {
    const { status, body } = await get(profile.path)
    expect(describedApi(ctx).answerProblems(profile, status, body)).toEqual([])
  })

  it.for([
    ['a track', track],
    ['a paused track', pausedTrack],
    ['an episode', episode],
  ] as const)('%s', async ([, playback], ctx) => {
    spotify.playback = playback
    const { status, body } = await get(`${playing.path}?additional_types=track,episode`)
    expect(body).toEqual(playback)
    expect(describedApi(ctx).answerProblems(playing, status, body)).toEqual([])
  })

  // The description has no place for a null context, progress or item.
  it.for([
    ['an advertisement', ad],
    ['an unknown item', unknownItem],
  ] as const)('%s, apart from what is null', async ([, playback], ctx) => {
    spotify.playback = playback
    const { status, body } = await get(playing.path)
    expect(body).toEqual(playback)
    expect(describedApi(ctx).answerProblems(playing, status, withoutNulls(body))).toEqual([])
  })

  // Nor for the ids and links that a local file lacks; its album would have to have them.
  it('a local file, apart from what is null and the album', async (ctx) => {
    spotify.playback = localFile
    const { status, body } = await get(playing.path)
    expect(body).toEqual(localFile)
    const rest = withoutNulls({ ...body, item: { ...localFile.item, album: null } })
    expect(describedApi(ctx).answerProblems(playing, status, rest)).toEqual([])
  })

  it('an episode that was not asked for', async (ctx) => {
    spotify.playback = episode
    const { status, body } = await get(playing.path)
    expect(body).toEqual({ ...episode, item: null })
    expect(describedApi(ctx).answerProblems(playing, status, withoutNulls(body))).toEqual([])
  })

  it('a refusal', async (ctx) => {
    const { status, body } = await get(profile.path, 'Bearer made-up')
    expect(status).toBe(401)
    expect(describedApi(ctx).answerProblems(profile, status, body)).toEqual([])
  })
})

describe('the description as a judge', () => {
  it('finds what is wrong with an answer', (ctx) => {
    const { answerProblems } = describedApi(ctx)
    const { item } = track
    for (const wrong of [
      { ...track, progress_ms: 'soon' },
      { ...track, item: { ...item, album: { ...item.album, id: undefined } } },
      { ...track, item: { ...item, preview_url: 5 } },
      { ...episode, item: { ...episode.item, show: undefined } },
    ]) {
      expect(answerProblems(playing, 200, wrong)).not.toEqual([])
    }
    expect(answerProblems(profile, 418, {})).toEqual(['GET /v1/me with 418 is not described'])
  })

  it('finds what is wrong with a request', (ctx) => {
    const { requestProblems } = describedApi(ctx)
    const search = (query: string) =>
      requestProblems({ method: 'GET', path: '/v1/search', query: new URLSearchParams(query) })
    const play = (body: string) => requestProblems({ method: 'PUT', path: '/v1/me/player/play', body })

    expect(search('q=debussy&type=track&limit=10')).toEqual([])
    expect(search('type=track')).toEqual([expect.stringContaining("'q'")])
    expect(search('q=debussy&type=track&limit=11')).toEqual([expect.stringContaining('/limit')])
    expect(search('q=debussy&type=track&color=red')).toEqual([expect.stringContaining('color')])
    expect(play('{"uris":["spotify:track:3vHx5LqZs7Ea9bNcTf2WkP"]}')).toEqual([])
    expect(play('{"uris":"spotify:track:3vHx5LqZs7Ea9bNcTf2WkP"}')).toEqual([
      expect.stringContaining('/uris'),
    ])
    expect(requestProblems({ ...profile, body: '{}' })).toEqual(['no JSON body is expected'])
    expect(requestProblems({ method: 'GET', path: '/v1/albums/6tJw2CkQe8Vn4gXsRy0MhU/tracks' })).toEqual([])
    expect(requestProblems({ method: 'GET', path: '/v1/me/horoscope' })).toEqual([
      'GET /v1/me/horoscope is not described',
    ])
  })
})
