import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest'
import { type ApiDescription, loadApiDescription } from '../api-description.ts'
import { ad, episode, localFile, pausedTrack, performer, suite, track, unknownItem } from '../fixtures.ts'
import { type StandIn, startStandIn } from '../stand-in.ts'
import { catalogue, fogbound, hostile, ledger } from '../stand-in-catalogue.ts'
import { createLibrary, deckSongs, harbourNights, playlist, shanties } from '../stand-in-library.ts'
import { createPlayer, kitchen, laptop } from '../stand-in-player.ts'

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

beforeEach(() => {
  spotify.playback = undefined
  spotify.player = createPlayer()
  spotify.library = createLibrary()
})

function describedApi(ctx: TestContext): ApiDescription {
  return description ?? ctx.skip('the Web API description is not here')
}

async function send(
  request: string,
  { authorization = `Bearer ${accessToken}`, body }: { authorization?: string; body?: string } = {},
) {
  const [method, url = ''] = request.split(' ')
  const response = await fetch(new URL(url, spotify.accountsUrl), {
    method,
    body,
    headers: { authorization },
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

function get(path: string, authorization?: string) {
  return send(`GET ${path}`, { authorization })
}

/** The parts of a request, as the description takes them. */
function callOf(request: string) {
  const [method = '', url = ''] = request.split(' ')
  const { pathname: path, searchParams: query } = new URL(url, spotify.accountsUrl)
  return { method, path, query }
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

describe('the answers about music', () => {
  it.for([
    `/v1/artists/${performer.id}`,
    `/v1/artists/${fogbound.id}/albums?include_groups=album,single&limit=10&offset=10`,
    `/v1/albums/${suite.id}`,
    `/v1/albums/${ledger.album.id}`,
    `/v1/albums/${ledger.album.id}/tracks?limit=50&offset=100`,
    `/v1/tracks/${track.item.id}`,
    '/v1/me/tracks?limit=50&offset=950',
    '/v1/search?q=a&type=artist,album,track,playlist,show,episode,audiobook&limit=10',
  ])('fit the description: %s', async (url, ctx) => {
    const { requestProblems, answerProblems } = describedApi(ctx)
    const call = callOf(`GET ${url}`)
    const { status, body } = await get(url)
    expect(status).toBe(200)
    expect(requestProblems(call)).toEqual([])
    expect(answerProblems(call, status, body)).toEqual([])
  })

  it('find what has every word in its name or in those of its artists', async () => {
    const { body } = await get('/v1/search?q=DEBUSSY+clair&type=track,album')
    expect(body).toEqual({
      tracks: expect.objectContaining({ items: [track.item], total: 1, next: null, previous: null }),
      albums: expect.objectContaining({ items: [], total: 0 }),
    })
    for (const [type, word] of [
      ['artist', '坂本みどり'],
      ['artist', 'ليلى'],
      ['artist', '🌵'],
      ['playlist', 'harbour'],
      ['show', 'logbook'],
      ['episode', 'azores'],
    ]) {
      const { body } = await get(`/v1/search?${new URLSearchParams({ q: `${word}`, type: `${type}` })}`)
      expect([word, body[`${type}s`].total]).toEqual([word, 1])
    }
  })

  it('leave a hostile name as it is', async () => {
    const { body } = await get('/v1/search?q=siren&type=track')
    expect(body.tracks.items).toEqual(hostile.tracks)
    expect(hostile.tracks.map(({ name }) => name)).toEqual(['Siren \u001b[31mRed\nSecond Line'])
  })

  it('have one item for each that is asked for', async () => {
    expect((await get(`/v1/artists/${performer.id}`)).body).toMatchObject(performer)
    expect((await get(`/v1/tracks/${track.item.id}`)).body).toEqual(track.item)
    const { body } = await get(`/v1/albums/${suite.id}`)
    expect(body).toMatchObject(suite)
    expect(body.tracks.items.map(({ name }: { name: string }) => name)).toEqual([
      'Prélude',
      'Menuet',
      'Clair de lune',
      'Passepied',
    ])
  })

  it.for([
    [`/v1/artists/${fogbound.id}/albums`, 5, 23],
    [`/v1/artists/${fogbound.id}/albums?limit=10&include_groups=album`, 3, 23],
    [`/v1/artists/${fogbound.id}/albums?include_groups=single`, 1, 0],
    [`/v1/albums/${ledger.album.id}/tracks`, 6, 120],
    [`/v1/albums/${ledger.album.id}/tracks?limit=50`, 3, 120],
    ['/v1/me/tracks?limit=50', 20, 1_000],
  ] as const)('lead from page to page and back: %s', async ([url, pages, total]) => {
    const seen: { href: string; previous: string | null }[] = []
    const ids = new Set<string>()
    for (let next: string | null = url; next; ) {
      const { body } = await get(next)
      expect(body.total).toBe(total)
      for (const item of body.items) ids.add((item.track ?? item).id)
      seen.push(body)
      next = body.next
    }
    expect(seen).toHaveLength(pages)
    expect(ids.size).toBe(total)
    expect(seen.map(({ previous }) => previous)).toEqual([null, ...seen.slice(0, -1).map(({ href }) => href)])
  })

  it('lead from the first tracks of a long album to the rest', async () => {
    const { body } = await get(`/v1/albums/${ledger.album.id}`)
    expect(body.tracks).toMatchObject({ limit: 50, total: 120 })
    const { body: second } = await get(body.tracks.next)
    expect(second).toMatchObject({ offset: 50, previous: body.tracks.href })
  })

  it('have ids like those of Spotify, each once', () => {
    const { artists, albums, tracks, playlists, shows, episodes } = catalogue
    const ids = [artists, albums, tracks, playlists, shows, episodes].flat().map(({ id }) => id)
    expect(ids.filter((id) => !/^[0-9A-Za-z]{22}$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.for([
    ['/v1/search?q=a&type=track&limit=11', 400, 'Invalid limit'],
    ['/v1/search?q=a&type=track&limit=0', 400, 'Invalid limit'],
    ['/v1/search?q=a&type=track&limit=few', 400, 'Invalid limit'],
    ['/v1/search?q=a&type=track&offset=-1', 400, 'Invalid offset'],
    ['/v1/search?q=+&type=track', 400, 'No search query'],
    ['/v1/search?q=a', 400, 'Missing parameter type'],
    ['/v1/search?q=a&type=track,poem', 400, 'Bad search type field poem'],
    [`/v1/artists/${fogbound.id}/albums?limit=11`, 400, 'Invalid limit'],
    [`/v1/albums/${suite.id}/tracks?limit=51`, 400, 'Invalid limit'],
    ['/v1/me/tracks?limit=51', 400, 'Invalid limit'],
    ['/v1/artists/0000000000000000000000', 404, 'Resource not found'],
    ['/v1/artists/0000000000000000000000/albums', 404, 'Resource not found'],
    ['/v1/albums/0000000000000000000000', 404, 'Resource not found'],
    ['/v1/albums/0000000000000000000000/tracks', 404, 'Resource not found'],
    ['/v1/tracks/0000000000000000000000', 404, 'Resource not found'],
  ] as const)('refuse %s', async ([url, status, message]) => {
    expect(await get(url)).toEqual({ status, body: { error: { status, message } } })
  })
})

/** Every command to the player, with all that it needs. */
const commands = [
  ['PUT /v1/me/player/play', '{"uris":["spotify:track:3vHx5LqZs7Ea9bNcTf2WkP"]}'],
  ['PUT /v1/me/player/pause'],
  ['POST /v1/me/player/next'],
  ['POST /v1/me/player/previous'],
  ['PUT /v1/me/player/shuffle?state=true'],
  ['PUT /v1/me/player/repeat?state=context'],
  ['PUT /v1/me/player/seek?position_ms=25000'],
  ['PUT /v1/me/player/volume?volume_percent=55'],
  [`POST /v1/me/player/queue?uri=${track.item.uri}`],
] as const

describe('the answers of the player fit the description', () => {
  it('the devices', async (ctx) => {
    const { status, body } = await get('/v1/me/player/devices')
    expect(body).toEqual({ devices: [kitchen, laptop] })
    expect(describedApi(ctx).answerProblems(callOf('GET /v1/me/player/devices'), status, body)).toEqual([])
  })

  it.for([
    ['a track', track],
    ['an episode', episode],
  ] as const)('the state, with %s', async ([, playback], ctx) => {
    spotify.playback = playback
    const { status, body } = await get('/v1/me/player?additional_types=track,episode')
    expect(body).toEqual({ device: kitchen, repeat_state: 'off', shuffle_state: false, ...playback })
    expect(describedApi(ctx).answerProblems(callOf('GET /v1/me/player'), status, body)).toEqual([])
  })

  it('the queue', async (ctx) => {
    spotify.playback = track
    spotify.player.queue = [track.item, episode.item]
    const { status, body } = await get('/v1/me/player/queue')
    expect(body).toEqual({ currently_playing: track.item, queue: [track.item, episode.item] })
    expect(describedApi(ctx).answerProblems(callOf('GET /v1/me/player/queue'), status, body)).toEqual([])
  })

  // The description has no place for a null item.
  it('an empty queue while nothing plays, apart from what is null', async (ctx) => {
    const { status, body } = await get('/v1/me/player/queue')
    expect(body).toEqual({ currently_playing: null, queue: [] })
    const { answerProblems } = describedApi(ctx)
    expect(answerProblems(callOf('GET /v1/me/player/queue'), status, withoutNulls(body))).toEqual([])
  })

  it('the state while nothing plays, and without an active device', async (ctx) => {
    const nothing = { status: 204, body: undefined }
    expect(await get('/v1/me/player')).toEqual(nothing)
    spotify.playback = track
    spotify.player.devices = [laptop]
    expect(await get('/v1/me/player')).toEqual(nothing)
    expect(describedApi(ctx).answerProblems(callOf('GET /v1/me/player'), 204, undefined)).toEqual([])
  })

  it.for(commands)('%s', async ([request, json], ctx) => {
    const { status, body } = await send(request, { body: json })
    expect([status, body]).toEqual([204, undefined])
    const { requestProblems, answerProblems } = describedApi(ctx)
    const call = callOf(request)
    expect(requestProblems({ ...call, body: json })).toEqual([])
    expect(answerProblems(call, status, body)).toEqual([])
  })

  it.for(commands)('a refusal of %s', async ([request], ctx) => {
    spotify.player.premium = false
    const { status, body } = await send(request)
    expect(describedApi(ctx).answerProblems(callOf(request), status, body)).toEqual([])
  })
})

describe('the player', () => {
  it('wakes the device that it is to play on', async () => {
    spotify.playback = pausedTrack
    await send(`PUT /v1/me/player/play?device_id=${laptop.id}`)
    expect(spotify.player.devices).toEqual([
      { ...kitchen, is_active: false },
      { ...laptop, is_active: true },
    ])
    expect(spotify.playback).toEqual({ ...pausedTrack, is_playing: true })
  })

  it('pauses once', async () => {
    spotify.playback = track
    expect((await send('PUT /v1/me/player/pause')).status).toBe(204)
    expect(spotify.playback).toEqual({ ...track, is_playing: false })
    const error = { status: 403, message: 'Player command failed: Already paused', reason: 'ALREADY_PAUSED' }
    expect(await send('PUT /v1/me/player/pause')).toEqual({ status: 403, body: { error } })
  })

  it('seeks', async () => {
    spotify.playback = track
    await send('PUT /v1/me/player/seek?position_ms=25000')
    expect(spotify.playback).toEqual({ ...track, progress_ms: 25_000 })
  })

  it('sets the volume of the active device, or of another', async () => {
    await send('PUT /v1/me/player/volume?volume_percent=55')
    await send(`PUT /v1/me/player/volume?volume_percent=0&device_id=${laptop.id}`)
    expect(spotify.player.devices).toEqual([
      { ...kitchen, volume_percent: 55 },
      { ...laptop, volume_percent: 0 },
    ])
  })

  it('queues tracks and episodes in their order', async () => {
    await send(`POST /v1/me/player/queue?uri=${episode.item.uri}`)
    await send(`POST /v1/me/player/queue?uri=${track.item.uri}`)
    expect(spotify.player.queue).toEqual([episode.item, track.item])
  })

  it.for([
    ['PUT /v1/me/player/seek?position_ms=-1', 'Invalid position_ms'],
    ['PUT /v1/me/player/seek', 'Invalid position_ms'],
    ['PUT /v1/me/player/volume?volume_percent=101', 'Invalid volume_percent'],
    ['POST /v1/me/player/queue?uri=spotify:track:none', 'Invalid track uri: spotify:track:none'],
  ] as const)('refuses %s', async ([request, message]) => {
    expect(await send(request)).toEqual({ status: 400, body: { error: { status: 400, message } } })
  })

  it('refuses to play what is not JSON', async () => {
    const error = { status: 400, message: 'Malformed json' }
    const answer = await send('PUT /v1/me/player/play', { body: '{' })
    expect(answer).toEqual({ status: 400, body: { error } })
  })

  it.for(commands)('refuses %s as Spotify does', async ([request]) => {
    const refusal = async (url = request as string) => {
      const { status, body } = await send(url)
      expect(body.error.status).toBe(status)
      return body
    }
    spotify.player.premium = false
    expect(await refusal()).toEqual({
      error: { status: 403, message: 'Player command failed: Premium required', reason: 'PREMIUM_REQUIRED' },
    })
    spotify.player = { ...createPlayer(), devices: [laptop] }
    expect(await refusal()).toEqual({
      error: {
        status: 404,
        message: 'Player command failed: No active device found',
        reason: 'NO_ACTIVE_DEVICE',
      },
    })
    expect(await refusal(`${request}${request.includes('?') ? '&' : '?'}device_id=elsewhere`)).toEqual({
      error: { status: 404, message: 'Device not found' },
    })
    spotify.player.devices = [{ ...kitchen, is_restricted: true }]
    expect(await refusal()).toEqual({
      error: {
        status: 403,
        message: 'Player command failed: Restriction violated',
        reason: 'DEVICE_NOT_CONTROLLABLE',
      },
    })
  })

  it('refuses to set the volume of a device that has none', async () => {
    spotify.player.devices = [{ ...kitchen, supports_volume: false, volume_percent: null }]
    const message = 'Player command failed: Cannot control device volume'
    expect(await send('PUT /v1/me/player/volume?volume_percent=55')).toEqual({
      status: 403,
      body: { error: { status: 403, message, reason: 'VOLUME_CONTROL_DISALLOW' } },
    })
  })
})

const { uri } = track.item

/** Every request about what the listener keeps and has heard, with how it is answered. */
const libraryRequests = [
  [`PUT /v1/me/library?uris=${uri},${suite.uri}`, 200],
  [`DELETE /v1/me/library?uris=${uri}`, 200],
  [`GET /v1/me/library/contains?uris=${uri},${performer.uri}`, 200],
  ['GET /v1/me/playlists?limit=50&offset=0', 200],
  ['POST /v1/me/playlists', 201, '{"name":"Low Tide","public":false}'],
  [`GET /v1/playlists/${harbourNights.id}/items?limit=50&offset=0&additional_types=track,episode`, 200],
  [`GET /v1/playlists/${deckSongs.id}/items`, 200],
  [`POST /v1/playlists/${deckSongs.id}/items`, 201, `{"uris":["${uri}","${episode.item.uri}"]}`],
  ['GET /v1/me/player/recently-played?limit=50', 200],
  ['GET /v1/me/top/tracks?time_range=short_term&limit=50&offset=50', 200],
  ['GET /v1/me/top/artists?time_range=long_term', 200],
] as const

describe('the answers about what the listener keeps and has heard', () => {
  it.for(libraryRequests)('fit the description: %s', async ([request, expected, json], ctx) => {
    const { status, body } = await send(request, { body: json })
    expect(status).toBe(expected)
    const { requestProblems, answerProblems } = describedApi(ctx)
    const call = callOf(request)
    expect(requestProblems({ ...call, body: json })).toEqual([])
    // The description has no place for the null context of what was played by itself.
    const rest = request.includes('recently-played') ? withoutNulls({ ...body, next: '' }) : body
    expect(answerProblems(call, status, rest)).toEqual([])
  })

  it('tell what was saved and removed', async () => {
    const contains = async () => (await get(`/v1/me/library/contains?uris=${uri},${suite.uri}`)).body
    expect(await contains()).toEqual([false, false])
    await send(`PUT /v1/me/library?uris=${uri},${suite.uri}`)
    expect(await contains()).toEqual([true, true])
    await send(`DELETE /v1/me/library?uris=${uri}`)
    expect(await contains()).toEqual([false, true])
  })

  it('have the playlist that was made first, with what was added', async () => {
    const { body: made } = await send('POST /v1/me/playlists', { body: '{"name":"Low Tide","public":false}' })
    await send(`POST /v1/playlists/${made.id}/items`, { body: `{"uris":["${uri}"]}` })
    const { body: lists } = await get('/v1/me/playlists')
    expect(lists.items[0]).toMatchObject({ name: 'Low Tide', public: false, items: { total: 1 } })
    const { body: items } = await get(`/v1/playlists/${made.id}/items`)
    expect(items.items).toMatchObject([{ item: { uri } }])
  })

  it('have the latest first of what was played, and another order for each range of the top', async () => {
    const { body } = await get('/v1/me/player/recently-played?limit=2')
    expect(body.items).toMatchObject([
      { track: { uri }, played_at: '2026-11-26T21:14:03.581Z' },
      { played_at: '2026-11-26T21:13:03.581Z' },
    ])
    const first = async (range: string) =>
      (await get(`/v1/me/top/tracks?time_range=${range}_term`)).body.items[0].name
    expect([await first('short'), await first('medium'), await first('long')]).toEqual([
      'Clair de lune',
      'Prélude',
      'Menuet',
    ])
  })

  it.for([
    ['PUT /v1/me/library', 400, 'Missing required field: uris'],
    [`PUT /v1/me/library?uris=${Array(41).fill(uri)}`, 400, 'Too many uris requested'],
    [`PUT /v1/me/library?uris=${performer.uri}`, 400, `Invalid uri: ${performer.uri}`],
    ['PUT /v1/me/library?uris=spotify:local:a:b', 400, 'Invalid uri: spotify:local:a:b'],
    ['GET /v1/me/playlists?limit=51', 400, 'Invalid limit'],
    [`GET /v1/playlists/${shanties.id}/items`, 403, 'Forbidden'],
    [`POST /v1/playlists/${shanties.id}/items`, 403, 'Forbidden', { uris: [uri] }],
    [`GET /v1/playlists/${playlist('none').id}/items`, 404, 'Resource not found'],
    ['POST /v1/me/playlists', 400, 'Missing required field: name', {}],
    [`POST /v1/playlists/${deckSongs.id}/items`, 400, 'No uris provided', { uris: [] }],
    [
      `POST /v1/playlists/${deckSongs.id}/items`,
      400,
      'Too many ids requested',
      { uris: Array(101).fill(uri) },
    ],
    [`POST /v1/playlists/${deckSongs.id}/items`, 400, 'Invalid track uri: x', { uris: [uri, 'x'] }],
    ['GET /v1/me/player/recently-played?limit=51', 400, 'Invalid limit'],
    ['GET /v1/me/top/tracks?time_range=forever', 400, 'Invalid time_range'],
  ] as const)('refuse %s', async ([request, status, message, json]) => {
    const answer = await send(request, { body: json && JSON.stringify(json) })
    expect(answer).toEqual({ status, body: { error: { status, message } } })
    expect(spotify.library).toEqual(createLibrary())
  })
})

describe('the scopes', () => {
  const changePlaylists = ['playlist-modify-private', 'playlist-modify-public']
  const needed: Record<string, string[]> = {
    [`PUT /v1/me/library?uris=${uri}`]: ['user-library-modify'],
    [`DELETE /v1/me/library?uris=${uri}`]: ['user-library-modify'],
    [`GET /v1/me/library/contains?uris=${uri}`]: ['user-library-read'],
    'GET /v1/me/playlists': ['playlist-read-private'],
    [`GET /v1/playlists/${harbourNights.id}/items`]: ['playlist-read-private'],
    'GET /v1/me/player/recently-played': ['user-read-recently-played'],
    'GET /v1/me/top/tracks': ['user-top-read'],
    'GET /v1/me/top/artists': ['user-top-read'],
    'POST /v1/me/playlists {"name":"Low Tide"}': changePlaylists,
    [`POST /v1/playlists/${harbourNights.id}/items {"uris":["${uri}"]}`]: changePlaylists,
    'GET /v1/me/tracks': ['user-library-read'],
    'GET /v1/me/player': ['user-read-playback-state'],
    'GET /v1/me/player/devices': ['user-read-playback-state'],
    'GET /v1/me/player/queue': ['user-read-currently-playing', 'user-read-playback-state'],
    ...Object.fromEntries(commands.map(([request]) => [request, ['user-modify-playback-state']])),
  }

  it.for(Object.entries(needed))('of %s are %s', async ([line, scopes]) => {
    const [request = '', json] = line.split(/ (?={)/)
    const tokenWith = async (some: string[]) => {
      const { access_token } = await spotify.issue({ scope: ['user-read-private', ...some].join(' ') })
      return { authorization: `Bearer ${access_token}`, body: json }
    }
    expect((await send(request, await tokenWith(scopes))).status).toBeLessThan(300)
    for (const missing of scopes) {
      const rest = await tokenWith(scopes.filter((scope) => scope !== missing))
      expect(await send(request, rest)).toEqual({
        status: 403,
        body: { error: { status: 403, message: 'Insufficient client scope' } },
      })
    }
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
