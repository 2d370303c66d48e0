import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asked } from '../support/asked.ts'
import { catalogue, fogbound, hostile, tracksOf } from '../support/stand-in-catalogue.ts'
import { type Pane, startInPane } from '../support/pane.ts'
import { laptop } from '../support/stand-in-player.ts'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

const [album = hostile.album] = catalogue.albums.filter(({ name }) => name === 'Fog Signal No. 23')
const [outbound = hostile.album] = tracksOf(album)
const putAlbum = `PUT /v1/me/player/play {"context_uri":"${album.uri}"}`

const first = 'Artist (Enter alone goes on playing)'

const { title, skip } = needs('play in a terminal', 'tmux')
describe.skipIf(skip)(title, () => {
  let standIn: StandIn
  let sandbox: Sandbox
  let pane: Pane
  beforeEach(async () => {
    standIn = await startStandIn()
    sandbox = createSandbox(standIn)
    await sandbox.logIn(standIn)
  })
  afterEach(async () => {
    pane.stop()
    sandbox.remove()
    await standIn.close()
  })

  const start = (...args: string[]) => {
    pane = startInPane(sandbox.env.HOME ?? '', args, sandbox.env)
  }
  const shows = (text: string) => waitFor(() => pane.screen().includes(text))
  const asks = (question: string) => waitFor(() => pane.question() === question)
  const answer = async (question: string, ...keys: string[]) => {
    await asks(question)
    pane.press(...keys)
  }
  const ended = async () => {
    await waitFor(() => pane.exitCode() !== undefined)
    return pane.exitCode()
  }
  const played = () => asked(standIn).filter((request) => request.startsWith('PUT'))

  /** To the tracks of the last of 23 albums. */
  const walkToTracks = async () => {
    start('play')
    await answer(first, 'fogbound', 'Enter')
    await answer('Which artist', 'Enter')
    await answer('Album', '23')
    await shows('(1 match)')
    pane.press('Enter')
    await asks('Track')
  }

  it('leads from an artist to an album, which typing finds, to a track that plays within it', async () => {
    await walkToTracks()
    pane.press('Down', 'Enter')
    expect(await ended()).toBe(0)
    const artist = `/v1/artists/${fogbound.id}/albums`
    expect(asked(standIn)).toEqual([
      'GET /v1/search?q=fogbound&type=artist&limit=10&offset=0',
      ...[0, 10, 20].map((offset) => `GET ${artist}?include_groups=album,single&limit=10&offset=${offset}`),
      `GET /v1/albums/${album.id}/tracks?limit=50&offset=0`,
      `PUT /v1/me/player/play {"context_uri":"${album.uri}","offset":{"uri":"${outbound.uri}"}}`,
    ])
    expect(pane.screen()).not.toContain('of 23 albums')
  })

  it('plays the whole album', async () => {
    await walkToTracks()
    await shows('● The whole album')
    pane.press('Enter')
    expect(await ended()).toBe(0)
    expect(played()).toEqual([putAlbum])
  })

  it('wakes the only device', async () => {
    standIn.player.devices = [laptop]
    await walkToTracks()
    pane.press('Enter')
    expect(await ended()).toBe(0)
    expect(standIn.player.devices).toEqual([{ ...laptop, is_active: true }])
  })

  it('Esc goes back step by step, and from the first one leaves without playing', async () => {
    await walkToTracks()
    pane.press('Escape')
    await answer('Album', 'Escape')
    await answer('Which artist', 'Escape')
    await answer(first, 'Escape')
    expect(await ended()).toBe(0)
    expect(played()).toEqual([])
  })

  it('goes on from where Esc has led', async () => {
    await walkToTracks()
    pane.press('Escape')
    await answer('Album', 'Enter')
    await answer('Track', 'Enter')
    expect(await ended()).toBe(0)
    const [first] = catalogue.albums.filter(({ artists }) => artists.includes(fogbound))
    expect(played()).toEqual([`PUT /v1/me/player/play {"context_uri":"${first?.uri}"}`])
  })

  it.each([first, 'Which artist', 'Album', 'Track'])('Ctrl-C at "%s" exits 130', async (question) => {
    start('play')
    for (const each of [first, 'Which artist', 'Album', 'Track']) {
      await asks(each)
      if (each === question) break
      pane.press(...(each === first ? ['fogbound', 'Enter'] : ['Enter']))
    }
    pane.press('C-c')
    expect(await ended()).toBe(130)
    expect(played()).toEqual([])
  })

  it('Ctrl-C exits 130 at once, too, while it waits for Spotify', async () => {
    standIn.fault('GET /v1/search', { hang: true })
    start('play')
    await answer(first, 'fogbound', 'Enter')
    await waitFor(() => standIn.requests.length > 0)
    pane.press('C-c')
    await waitFor(() => pane.exitCode() !== undefined, 2_000)
    expect(pane.exitCode()).toBe(130)
  })

  it.each([first, 'Which artist'])('Ctrl-D at "%s" exits 130 as well', async (question) => {
    start('play')
    if (question !== first) await answer(first, 'fogbound', 'Enter')
    await answer(question, 'C-d')
    expect(await ended()).toBe(130)
  })

  it('asks again for an artist that is not there', async () => {
    start('play')
    await answer(first, 'marsupial', 'Enter')
    await shows('Spotify knows no artist of that name.')
    await answer(first, '坂本', 'Enter')
    await answer('Which artist', 'Enter')
    await asks('Album')
    expect(pane.screen()).toContain('夜の港 (2021)')
  })

  it.each([['Enter'], ['  ', 'Enter']])('%j at the first question goes on playing', async (...keys) => {
    start('play')
    await answer(first, ...keys)
    expect(await ended()).toBe(0)
    expect(asked(standIn)).toEqual(['PUT /v1/me/player/play'])
  })

  it('says that an artist has no albums, and asks for another one', async () => {
    standIn.fault(`GET /v1/artists/${fogbound.id}/albums`, { body: { items: [], next: null, total: 0 } })
    start('play')
    await answer(first, 'fogbound', 'Enter')
    await answer('Which artist', 'Enter')
    await shows('Spotify has no albums of The Fogbound Trio.')
    await asks('Which artist')
  })

  it('stays where typing has left nothing to choose', async () => {
    await walkToTracks()
    pane.press('zzz')
    await shows('No matches')
    pane.press('Enter')
    pane.press('BSpace', 'BSpace', 'BSpace')
    await shows('● The whole album')
    expect(pane.question()).toBe('Track')
  })

  it('shows a hostile title without obeying it', async () => {
    start('play')
    await answer(first, 'ingrid', 'Enter')
    await answer('Which artist', 'Enter')
    await answer('Album', 'sirens')
    await shows('(1 match)')
    pane.press('Enter')
    await shows('○ Siren [31mRed Second Line')
  })

  it('without the scope to play it does not ask at all', async () => {
    await sandbox.logIn(standIn, { scope: ['user-read-currently-playing'] })
    start('play')
    await waitFor(() => pane.question() !== undefined || pane.exitCode() !== undefined)
    expect(pane.question()).toBeUndefined()
    expect(await ended()).toBe(5)
    expect(pane.screen()).toContain('Run: spotify-auth login --scope +player')
  })

  it('an error of Spotify ends it with its exit code', async () => {
    standIn.player.premium = false
    await walkToTracks()
    pane.press('Enter')
    expect(await ended()).toBe(5)
    expect(pane.screen()).toContain('This needs Spotify Premium.')
  })

  describe('--pick', () => {
    it('plays what is chosen of what words find', async () => {
      start('play', 'fogbound', '--pick')
      await answer('Which one', 'no. 2 ')
      await shows('● Fog Signal No. 2 - The Fogbound Trio (album)')
      pane.press('Enter')
      expect(await ended()).toBe(0)
      const [second] = catalogue.albums.filter(({ name }) => name === 'Fog Signal No. 2')
      expect(played()).toEqual([`PUT /v1/me/player/play {"context_uri":"${second?.uri}"}`])
    })

    it('lists the albums of the artist who is chosen', async () => {
      start('albums', 'a', '--pick', '--limit', '1')
      await answer('Which one', 'debussy')
      await shows('● Claude Debussy (artist)')
      pane.press('Enter')
      expect(await ended()).toBe(0)
      expect(pane.screen()).toContain('1  Suite bergamasque')
    })

    it.each(['Escape', 'C-c'])('%s exits 130, and nothing plays', async (key) => {
      start('play', 'clair', '--pick')
      await answer('Which one', key)
      expect(await ended()).toBe(130)
      expect(played()).toEqual([])
    })
  })
})
