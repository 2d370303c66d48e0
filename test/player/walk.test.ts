import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { track } from '../support/fixtures.ts'
import { it, type PaneOfATest } from '../support/pane-fixture.ts'
import { waitFor } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { catalogue, fogbound, hostile, tracksOf } from '../support/stand-in-catalogue.ts'
import { harbourNights, playlist, shanties } from '../support/stand-in-library.ts'
import { laptop } from '../support/stand-in-player.ts'
import { needs } from '../support/tools.ts'

const [album = hostile.album] = catalogue.albums.filter(({ name }) => name === 'Fog Signal No. 23')
const [outbound = hostile.album] = tracksOf(album)
const putAlbum = `PUT /v1/me/player/play {"context_uri":"${album.uri}"}`

const first = 'Artist or playlist'

/** What is asked before the first question. */
const playlists = 'GET /v1/me/playlists?limit=50&offset=0'

const played = (standIn: StandIn) => asked(standIn).filter((request) => request.startsWith('PUT'))

/** To the tracks of the last of 23 albums. */
async function walkToTracks(pane: PaneOfATest) {
  await pane.start('play')
  await pane.answer(first, 'fogbound', 'Enter')
  await pane.answer('Which artist', 'Enter')
  await pane.answer('Album', '23')
  await pane.shows('(1 match)')
  await pane.press('Enter')
  await pane.asks('Track')
}

const { title, skip } = needs('play in a terminal', 'tmux')

describe.skipIf(skip).concurrent(title, () => {
  it('leads from an artist to an album, which typing finds, to a track that plays within it', async ({
    pane,
    standIn,
  }) => {
    await walkToTracks(pane)
    await pane.press('Down', 'Enter')
    expect(await pane.ended()).toBe(0)
    const artist = `/v1/artists/${fogbound.id}/albums`
    expect(asked(standIn)).toEqual([
      playlists,
      'GET /v1/search?q=fogbound&type=artist&limit=10&offset=0',
      ...[0, 10, 20].map((offset) => `GET ${artist}?include_groups=album,single&limit=10&offset=${offset}`),
      `GET /v1/albums/${album.id}/tracks?limit=50&offset=0`,
      `PUT /v1/me/player/play {"context_uri":"${album.uri}","offset":{"uri":"${outbound.uri}"}}`,
    ])
    expect(await pane.screen()).not.toContain('of 23 albums')
  })

  it('plays the whole album', async ({ pane, standIn }) => {
    await walkToTracks(pane)
    await pane.shows('● The whole album')
    await pane.press('Enter')
    expect(await pane.ended()).toBe(0)
    expect(played(standIn)).toEqual([putAlbum])
  })

  it('wakes the only device', async ({ pane, standIn }) => {
    standIn.player.devices = [laptop]
    await walkToTracks(pane)
    await pane.press('Enter')
    expect(await pane.ended()).toBe(0)
    expect(standIn.player.devices).toEqual([{ ...laptop, is_active: true }])
  })

  it('Esc goes back step by step, and from the first one leaves without playing', async ({
    pane,
    standIn,
  }) => {
    await walkToTracks(pane)
    await pane.press('Escape')
    await pane.answer('Album', 'Escape')
    await pane.answer('Which artist', 'Escape')
    await pane.answer(first, 'Escape')
    expect(await pane.ended()).toBe(0)
    expect(played(standIn)).toEqual([])
  })

  it('goes on from where Esc has led', async ({ pane, standIn }) => {
    await walkToTracks(pane)
    await pane.press('Escape')
    await pane.answer('Album', 'Enter')
    await pane.answer('Track', 'Enter')
    expect(await pane.ended()).toBe(0)
    const [first] = catalogue.albums.filter(({ artists }) => artists.includes(fogbound))
    expect(played(standIn)).toEqual([`PUT /v1/me/player/play {"context_uri":"${first?.uri}"}`])
  })

  it.for([first, 'Which artist', 'Album', 'Track'])(
    'Ctrl-C at "%s" exits 130',
    async (question, { pane, standIn }) => {
      await pane.start('play')
      for (const each of [first, 'Which artist', 'Album', 'Track']) {
        await pane.asks(each)
        if (each === question) break
        await pane.press(...(each === first ? ['fogbound', 'Enter'] : ['Enter']))
      }
      await pane.press('C-c')
      expect(await pane.ended()).toBe(130)
      expect(played(standIn)).toEqual([])
    },
  )

  it('Ctrl-C exits 130 at once, too, while it waits for Spotify', async ({ pane, standIn }) => {
    standIn.fault('GET /v1/search', { hang: true })
    await pane.start('play')
    await pane.answer(first, 'fogbound', 'Enter')
    await waitFor(() => standIn.requestsTo('GET /v1/search').length > 0)
    await pane.press('C-c')
    // Sooner than a request that hangs is given up, which is after 10 s.
    await waitFor(() => pane.exitCode() !== undefined, 5_000)
    expect(pane.exitCode()).toBe(130)
  })

  it.for([first, 'Which artist'])('Ctrl-D at "%s" exits 130 as well', async (question, { pane }) => {
    await pane.start('play')
    if (question !== first) await pane.answer(first, 'fogbound', 'Enter')
    await pane.answer(question, 'C-d')
    expect(await pane.ended()).toBe(130)
  })

  it('asks again for an artist that is not there', async ({ pane }) => {
    await pane.start('play')
    await pane.answer(first, 'marsupial', 'Enter')
    await pane.shows('Spotify knows no artist of that name.')
    await pane.answer(first, '坂本', 'Enter')
    await pane.answer('Which artist', 'Enter')
    await pane.asks('Album')
    expect(await pane.screen()).toContain('夜の港 (2021)')
  })

  it.for([['Enter'], ['  ', 'Enter']])(
    '%j at the first question goes on playing',
    async (keys, { pane, standIn }) => {
      await pane.start('play')
      await pane.answer(first, ...keys)
      expect(await pane.ended()).toBe(0)
      expect(asked(standIn)).toEqual([playlists, 'PUT /v1/me/player/play'])
    },
  )

  it('offers the playlists, which typing narrows, and plays a track within one', async ({
    pane,
    standIn,
  }) => {
    await pane.start('play')
    await pane.asks(first)
    await pane.shows('● Go on playing')
    await pane.shows('○ Harbour Nights')
    await pane.press('HARB')
    await pane.shows('● Artists called "HARB"')
    expect(await pane.screen()).not.toContain('Deck Songs')
    await pane.press('Down')
    await pane.shows('● Harbour Nights')
    await pane.press('Enter')
    await pane.asks('Track')
    await pane.shows('● The whole playlist')
    await pane.press('Down', 'Enter')
    expect(await pane.ended()).toBe(0)
    const uri = `spotify:playlist:${harbourNights.id}`
    expect(played(standIn)).toEqual([
      `PUT /v1/me/player/play {"context_uri":"${uri}","offset":{"uri":"${track.item.uri}"}}`,
    ])
  })

  it('plays a playlist of somebody else’s as a whole', async ({ pane, standIn }) => {
    await pane.start('play')
    await pane.answer(first, 'Up', 'Enter')
    expect(await pane.ended()).toBe(0)
    expect(played(standIn)).toEqual([
      `PUT /v1/me/player/play {"context_uri":"spotify:playlist:${shanties.id}"}`,
    ])
  })

  it('goes back from a playlist to the words that are typed anew', async ({ pane }) => {
    await pane.start('play')
    await pane.answer(first, 'Down', 'Enter')
    await pane.answer('Track', 'Escape')
    await pane.answer(first, 'debussy', 'Enter')
    await pane.asks('Which artist')
  })

  it('asks for an artist alone where playlists are not to be had', async ({ pane, standIn }) => {
    standIn.fault('GET /v1/me/playlists', { status: 403, body: 'no' })
    await pane.start('play')
    await pane.asks('Artist')
    expect(await pane.screen()).toContain('Without your playlists: Spotify refused: no.')
    await pane.answer('Artist', 'fogbound', 'Enter')
    await pane.asks('Which artist')
  })

  it('asks for an artist alone, and Spotify for no playlists, where that is not allowed', async ({
    pane,
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, { scopes: ['user-modify-playback-state'] })
    await pane.start('play')
    await pane.asks('Artist')
    expect(await pane.screen()).not.toContain('playlist')
    expect(standIn.requests).toEqual([])
  })

  it('shows hostile playlists without obeying them', async ({ pane, standIn }) => {
    standIn.library.playlists = [playlist('Night\n\u001b[2JWatch')]
    await pane.start('play')
    await pane.shows('○ Night [2JWatch')
  })

  it('says that an artist has no albums, and asks for another one', async ({ pane, standIn }) => {
    standIn.fault(`GET /v1/artists/${fogbound.id}/albums`, { body: { items: [], next: null, total: 0 } })
    await pane.start('play')
    await pane.answer(first, 'fogbound', 'Enter')
    await pane.answer('Which artist', 'Enter')
    await pane.shows('Spotify has no albums of The Fogbound Trio.')
    await pane.asks('Which artist')
  })

  it('stays where typing has left nothing to choose', async ({ pane }) => {
    await walkToTracks(pane)
    await pane.press('zzz')
    await pane.shows('No matches')
    await pane.press('Enter')
    await pane.press('BSpace', 'BSpace', 'BSpace')
    await pane.shows('● The whole album')
    expect(await pane.question()).toBe('Track')
  })

  it('shows a hostile title without obeying it', async ({ pane }) => {
    await pane.start('play')
    await pane.answer(first, 'ingrid', 'Enter')
    await pane.answer('Which artist', 'Enter')
    await pane.answer('Album', 'sirens')
    await pane.shows('(1 match)')
    await pane.press('Enter')
    await pane.shows('○ Siren [31mRed Second Line')
  })

  it('without the scope to play it asks for that, and for nothing else', async ({
    pane,
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, { scopes: ['user-read-currently-playing'] })
    await pane.start('play')
    await pane.answer('Log in again to grant it? What you granted before stays.', 'n')
    expect(await pane.ended()).toBe(5)
    expect(await pane.screen()).toContain('Run: spotify-auth login --scope +player')
  })

  it('an error of Spotify ends it with its exit code', async ({ pane, standIn }) => {
    standIn.player.premium = false
    await walkToTracks(pane)
    await pane.press('Enter')
    expect(await pane.ended()).toBe(5)
    expect(await pane.screen()).toContain('This needs Spotify Premium.')
  })
})
