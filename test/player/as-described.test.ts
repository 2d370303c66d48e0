import { expect } from 'vitest'
import { loadApiDescription } from '../support/api-description.ts'
import { it } from '../support/fixture.ts'
import { composer, episode, suite, track } from '../support/fixtures.ts'
import { fogbound, ledger } from '../support/stand-in-catalogue.ts'
import { kitchen } from '../support/stand-in-player.ts'

/** Every command of the lists, of the library and of the player, in most of its forms. */
const scenario = [
  ['search', 'debussy'],
  ['search', 'fogbound', '--type', 'artist,album,track,playlist,episode,show', '--limit', '25'],
  ['albums', 'fogbound'],
  ['albums', fogbound.uri, '--limit', '12'],
  ['tracks', 'lighthouse ledger'],
  ['tracks', ledger.album.id, '--limit', '70'],
  ['play', track.item.uri],
  ['play', track.item.uri, episode.item.uri],
  ['play', suite.uri, '--device', 'kitchen'],
  ['play', composer.uri, '--device', kitchen.id ?? ''],
  ['play', 'clair de lune'],
  ['now-playing'],
  ['pause'],
  ['play'],
  ['next'],
  ['previous'],
  ['seek', '1:23'],
  ['seek', '-10'],
  ['volume'],
  ['volume', '30'],
  ['volume', '+10'],
  ['queue', 'clair'],
  ['queue', episode.item.uri],
  ['queue'],
  ['devices'],
  ['like'],
  ['like', suite.uri, ...ledger.tracks.map(({ uri }) => uri)],
  ['unlike'],
  ['playlists', '--limit', '70'],
  ['tracks', '--playlist', 'harbour'],
  ['play', '--playlist', 'harbour nights'],
  ['playlist', 'add', 'deck songs'],
  ['playlist', 'add', 'Low Tide', '--create', track.item.uri, episode.item.uri],
  ['recent'],
  ['recent', '--limit', '50'],
  ['top', '--range', 'short', '--limit', '70'],
  ['top', 'artists', '--range', 'long'],
  ['toggle'],
  ['shuffle'],
  ['shuffle', 'on'],
  ['shuffle', 'toggle'],
  ['repeat'],
  ['repeat', 'context'],
]

it('every request of the lists, of the library and of the player is as Spotify describes it', async ({
  sandbox,
  standIn,
  skip,
}) => {
  const { requestProblems } = loadApiDescription() ?? skip('the Web API description is not here')
  standIn.playback = track
  await sandbox.logIn(standIn)
  for (const args of scenario) expect([args, (await sandbox.run(args)).code]).toEqual([args, 0])
  const problems = standIn.requests.flatMap((request) =>
    requestProblems(request).map(
      (problem) => `${request.method} ${request.path}?${request.query}: ${problem}`,
    ),
  )
  expect(problems).toEqual([])
  const routes = standIn.requests.map(({ method, path }) => `${method} ${path.replace(/\w{22}/, '{id}')}`)
  expect([...new Set(routes)].sort()).toEqual([
    'DELETE /v1/me/library',
    'GET /v1/albums/{id}/tracks',
    'GET /v1/artists/{id}/albums',
    'GET /v1/me/player',
    'GET /v1/me/player/currently-playing',
    'GET /v1/me/player/devices',
    'GET /v1/me/player/queue',
    'GET /v1/me/player/recently-played',
    'GET /v1/me/playlists',
    'GET /v1/me/top/artists',
    'GET /v1/me/top/tracks',
    'GET /v1/playlists/{id}/items',
    'GET /v1/search',
    'POST /v1/me/player/next',
    'POST /v1/me/player/previous',
    'POST /v1/me/player/queue',
    'POST /v1/me/playlists',
    'POST /v1/playlists/{id}/items',
    'PUT /v1/me/library',
    'PUT /v1/me/player/pause',
    'PUT /v1/me/player/play',
    'PUT /v1/me/player/repeat',
    'PUT /v1/me/player/seek',
    'PUT /v1/me/player/shuffle',
    'PUT /v1/me/player/volume',
  ])
}, 60_000)
