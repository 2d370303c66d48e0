import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { ad, episode, pausedTrack, suite, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { player } from '../support/now-playing.ts'
import { misused, refused, success } from '../support/outcome.ts'
import { itNeedsScope } from '../support/player-command.ts'
import { ledger } from '../support/stand-in-catalogue.ts'
import { deckSongs, harbourNights, playlist, shanties } from '../support/stand-in-library.ts'

const { uri } = track.item
const label = 'Clair de lune - Marisol Vantreight, Claude Debussy (track)'
const nowPlaying = `${player}?additional_types=track,episode`
const lists = (offset = 0) => `GET /v1/me/playlists?limit=50&offset=${offset}`
const add = (to: { id: string }, ...uris: string[]) =>
  `POST /v1/playlists/${to.id}/items ${JSON.stringify({ uris })}`

describe.concurrent('playlist add', () => {
  it('adds what is playing, and says where', async ({ sandbox, standIn }) => {
    standIn.playback = track
    expect(await sandbox.run(['playlist', 'add', 'harbour NIGHTS'])).toEqual({
      ...success,
      stderr: `Added to "Harbour Nights": ${label}\n`,
    })
    expect(asked(standIn)).toEqual([nowPlaying, lists(), add(harbourNights, uri)])
    expect(standIn.library.playlists[0]?.entries.at(-1)?.uri).toBe(uri)
  })

  it('adds what is paused, to a playlist that is shared', async ({ sandbox, standIn }) => {
    standIn.playback = pausedTrack
    expect(await runInProcess(sandbox, ['playlist', 'add', 'Deck Songs'])).toMatchObject({ code: 0 })
    expect(asked(standIn).at(-1)).toBe(add(deckSongs, uri))
  })

  it('adds what is named, in its order, also twice', async ({ sandbox, standIn }) => {
    const words = [track.item.id, episode.item.uri, `https://open.spotify.com/track/${track.item.id}`]
    expect(await runInProcess(sandbox, ['playlist', 'add', 'deck songs', ...words])).toEqual({
      ...success,
      stderr: 'Added to "Deck Songs": 3 items\n',
    })
    expect(asked(standIn)).toEqual([lists(), add(deckSongs, uri, episode.item.uri, uri)])
  })

  it('adds in requests of at most 100, and says how many were added before one that failed', async ({
    sandbox,
    standIn,
  }) => {
    standIn.fault(`POST /v1/playlists/${deckSongs.id}/items`, {}, { status: 500 })
    const uris = ledger.tracks.map((each) => each.uri)
    expect(await runInProcess(sandbox, ['playlist', 'add', 'deck songs', ...uris])).toEqual({
      ...success,
      code: 6,
      stderr: 'Spotify answered with status 500. The first 100 of 120 are done.\nTry again later.\n',
    })
    expect(asked(standIn).slice(1)).toEqual([
      add(deckSongs, ...uris.slice(0, 100)),
      add(deckSongs, ...uris.slice(100)),
    ])
  })

  it.for([
    `spotify:playlist:${shanties.id}`,
    `https://open.spotify.com/playlist/${shanties.id}`,
    shanties.id,
  ])(
    'takes a playlist by URI, link or id, and leaves it to Spotify whether that is allowed: %s',
    async (name, { sandbox, standIn }) => {
      expect(await runInProcess(sandbox, ['playlist', 'add', name, uri])).toEqual({
        ...refused,
        stderr:
          'Spotify refused: Forbidden.\nWhat is in a playlist can be seen and changed by those who own or share it.\n',
      })
      expect(asked(standIn)).toEqual([add(shanties, uri)])
    },
  )

  it.for([
    ['no part', 'harbour', 'harbour'],
    ['nothing that one only follows', 'sea shanties', 'sea shanties'],
    ['nothing hostile', 'x\n\u001b[31m', 'x [31m'],
  ] as const)('takes %s of a name', async ([, name, shown], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['playlist', 'add', name, uri])).toEqual({
      ...refused,
      stderr: `You own or share no playlist called "${shown}".\nMake it with --create, or see which there are: spotify-auth playlists\n`,
    })
    expect(asked(standIn)).toEqual([lists()])
  })

  it('looks through all of 120 playlists', async ({ sandbox, standIn }) => {
    standIn.library.playlists.unshift(
      ...Array.from({ length: 118 }, (_, index) => playlist(`Watch ${index + 1}`)),
    )
    expect(await runInProcess(sandbox, ['playlist', 'add', 'deck songs', uri])).toMatchObject({ code: 0 })
    expect(asked(standIn)).toEqual([lists(0), lists(50), lists(100), add(deckSongs, uri)])
  })

  it('names those of the same name, and adds to none', async ({ sandbox, standIn }) => {
    const other = playlist('Deck Songs', { id: playlist('Other').id })
    standIn.library.playlists.push(other)
    expect(await runInProcess(sandbox, ['playlist', 'add', 'deck songs', uri])).toEqual({
      ...misused,
      stderr: `Several of your playlists fit "deck songs".\nSay which one: spotify:playlist:${deckSongs.id}, spotify:playlist:${other.id}.\n`,
    })
    expect(asked(standIn)).toEqual([lists()])
  })

  it('asks whose the login is where that is not stored', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { user: undefined })
    expect(await runInProcess(sandbox, ['playlist', 'add', 'harbour nights', uri])).toMatchObject({ code: 0 })
    expect(asked(standIn)).toEqual([lists(), 'GET /v1/me', add(harbourNights, uri)])
  })

  it('with --create makes a private one where there is none', async ({ sandbox, standIn }) => {
    standIn.playback = track
    expect(await runInProcess(sandbox, ['playlist', 'add', 'Low Tide', '--create'])).toEqual({
      ...success,
      stderr: `Made the private playlist "Low Tide".\nAdded to "Low Tide": ${label}\n`,
    })
    expect(standIn.library.playlists[0]).toMatchObject({
      name: 'Low Tide',
      public: false,
      entries: [{ uri }],
    })
    const again = await runInProcess(sandbox, ['playlist', 'add', 'LOW TIDE', '--create', uri])
    expect(again).toEqual({ ...success, stderr: `Added to "Low Tide": ${uri}\n` })
    expect(standIn.requestsTo('POST /v1/me/playlists')).toHaveLength(1)
  })

  it.for([
    ['an album as name', [suite.uri, uri], `${suite.uri} is of the type album.\nThis takes: playlist.\n`],
    ['an empty name', [' ', uri], 'Say the name of a playlist.\n'],
    ['an album', ['x', suite.uri], `${suite.uri} is of the type album.\nThis takes: track, episode.\n`],
    [
      'words',
      ['x', 'clair'],
      '"clair" is no Spotify URI, link or id.\nThis takes: track, episode. With search, words find them.\n',
    ],
  ] as const)('refuses %s, and makes nothing', async ([, words, stderr], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['playlist', 'add', '--create', ...words])).toEqual({
      ...misused,
      stderr,
    })
    expect(standIn.requests).toEqual([])
  })

  it('makes nothing where a link cannot be read', async ({ sandbox, standIn }) => {
    const name = 'https://open.spotify.com/playlist/short'
    const { code, stderr } = await runInProcess(sandbox, ['playlist', 'add', name, uri, '--create'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${name} cannot be read`) })
    expect(standIn.requests).toEqual([])
  })

  it.for(['{}', '{"items":null}', '[]'])(
    'makes nothing where Spotify does not tell which there are: %s',
    async (body, { sandbox, standIn }) => {
      standIn.fault('GET /v1/me/playlists', { body })
      expect(await runInProcess(sandbox, ['playlist', 'add', 'Harbour Nights', uri, '--create'])).toEqual({
        ...success,
        code: 6,
        stderr: 'Spotify answered with something that is not a list.\nTry again later.\n',
      })
      expect(asked(standIn)).toEqual([lists()])
    },
  )

  it.for([
    ['nothing', undefined, 3, 'Nothing is playing.\nName something, by its Spotify URI, link or id.\n'],
    ['an advertisement', ad, 5, 'An advertisement is playing, which cannot be kept.\n'],
  ] as const)('makes nothing while %s plays', async ([, playback, code, stderr], { sandbox, standIn }) => {
    standIn.playback = playback
    const outcome = await runInProcess(sandbox, ['playlist', 'add', 'Low Tide', '--create'])
    expect(outcome).toEqual({ ...success, code, stderr })
    expect(asked(standIn)).toEqual([nowPlaying])
  })

  it('says nothing with --json but an error', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['playlist', 'add', 'deck songs', uri, '--json'])).toEqual(success)
    const { code, stderr } = await runInProcess(sandbox, ['playlist', 'add', 'none', uri, '--json'])
    expect(code).toBe(5)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_found' } })
  })

  itNeedsScope('playlist-modify-private', 'playlist', 'add', 'deck songs')
})
