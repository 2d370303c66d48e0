import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { idsOf, itListsPageByPage, itRefusesAnotherType } from '../support/catalogue-list.ts'
import { composer, episode, suite, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, refused, success } from '../support/outcome.ts'
import { itNeedsScope } from '../support/player-command.ts'
import { hostile, ledger, tracksOf } from '../support/stand-in-catalogue.ts'
import { harbourNights, shanties } from '../support/stand-in-library.ts'

const entries = tracksOf(ledger.album)

describe.concurrent('tracks', () => {
  it('lists those of the album that fits best, in their order', async ({ sandbox, standIn }) => {
    const by = 'Marisol Vantreight, Claude Debussy'
    expect(await sandbox.run(['tracks', 'bergamasque'])).toEqual({
      ...success,
      stdout: tracksOf(suite)
        .map(({ uri, name }) => `${uri}\t${name}\t${by}\t\n`)
        .join(''),
      stderr: `Best match: Suite bergamasque - ${by} (album)\n`,
    })
    expect(asked(standIn)).toEqual([
      'GET /v1/search?q=bergamasque&type=album&limit=5&offset=0',
      `GET /v1/albums/${suite.id}/tracks?limit=50&offset=0`,
    ])
  })

  itListsPageByPage('the 120 of an album', ['tracks', ledger.album.uri], {
    items: entries,
    queries: ['limit=50&offset=0', 'limit=50&offset=50', 'limit=50&offset=100'],
  })

  itListsPageByPage('without a page too many', ['tracks', ledger.album.uri, '--limit', '50'], {
    items: entries.slice(0, 50),
    queries: ['limit=50&offset=0'],
  })

  itListsPageByPage('no more than there are', ['tracks', suite.uri, '--limit', '1000'], {
    items: tracksOf(suite),
    queries: ['limit=50&offset=0'],
  })

  itRefusesAnotherType('tracks', track.item.uri, 'track', 'album, playlist')
  itRefusesAnotherType(
    'tracks',
    `https://open.spotify.com/artist/${composer.id}`,
    'artist',
    'album, playlist',
  )

  it('of an id of nothing are not found', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['tracks', '0000000000000000000000'])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing there: Resource not found.\n',
    })
    expect(standIn.requests).toHaveLength(1)
  })
})

describe.concurrent('tracks of a playlist', () => {
  const items = (limit: number, offset: number) =>
    `GET /v1/playlists/${harbourNights.id}/items?additional_types=track,episode&limit=${limit}&offset=${offset}`
  const lists = 'GET /v1/me/playlists?limit=50&offset=0'

  it('lists those of the one that fits best, which is said on standard error', async ({
    sandbox,
    standIn,
  }) => {
    const { code, stdout, stderr } = await runInProcess(sandbox, ['tracks', '--playlist', 'harbour'])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Best match: Harbour Nights - Ada Lovelace (playlist)\n',
    })
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `${track.item.uri}\tClair de lune\tMarisol Vantreight, Claude Debussy\tSuite bergamasque`,
      `${episode.item.uri}\tA Light off the Azores\tThe Logbook Hour\t`,
      `${entries[0]?.uri}\tEntry 1\tIngrid Fyr\tThe Lighthouse Ledger`,
    ])
    expect(asked(standIn)).toEqual([lists, items(50, 0)])
  })

  it.for([
    `spotify:playlist:${harbourNights.id}`,
    `https://open.spotify.com/playlist/${harbourNights.id}?si=1`,
  ])('takes %s', async (name, { sandbox, standIn }) => {
    const { stdout } = await runInProcess(sandbox, ['tracks', name, '--ids'])
    expect(stdout).toBe(idsOf(harbourNights.entries.flatMap((each) => each ?? [])))
    expect(asked(standIn)).toEqual([items(50, 0)])
  })

  it('lists page by page, hostile titles on one line, and leaves out what is gone', async ({
    sandbox,
    standIn,
  }) => {
    const [list = harbourNights] = standIn.library.playlists
    list.entries = [...entries.slice(0, 58), ...hostile.tracks, null]
    const { stdout } = await runInProcess(sandbox, ['tracks', '--playlist', 'Harbour Nights'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(59)
    expect(lines.at(-1)).toBe(`${hostile.tracks[0]?.uri}\tSiren [31mRed Second Line\tIngrid Fyr\tSirens`)
    expect(asked(standIn)).toEqual([lists, items(50, 0), items(50, 50)])
  })

  it('says in a terminal that there are more only where that is so', async ({ sandbox, standIn }) => {
    const [list = harbourNights] = standIn.library.playlists
    list.entries = [null, track.item, null]
    const inTerminal = async (...more: string[]) => {
      const args = ['tracks', '--playlist', 'harbour', '--no-color', ...more]
      return (await runInProcess(sandbox, args, { columns: 80 })).stdout
    }
    expect(await inTerminal()).toMatch(/1 {2}Clair de lune .*5:04\n$/)
    expect(await inTerminal('--limit', '2')).toMatch(/5:04\n1 of 3; more with --limit\.\n$/)
    list.entries = [null]
    expect(await inTerminal()).toMatch(/There are no tracks\.\n$/)
  })

  it('of somebody else are refused, with why', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['tracks', `spotify:playlist:${shanties.id}`])).toEqual({
      ...refused,
      stderr:
        'Spotify refused: Forbidden.\nWhat is in a playlist can be seen and changed by those who own or share it.\n',
    })
  })

  it('takes a name or something else, not both', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['tracks', '--playlist', 'harbour', 'nights'])).toEqual({
      ...misused,
      stderr:
        'With --playlist there is nothing else to name.\nA name of several words stands in quotes: --playlist "harbour nights"\n',
    })
    expect(await runInProcess(sandbox, ['tracks'])).toEqual({ ...misused, stderr: 'Say what to look for.\n' })
    expect(standIn.requests).toEqual([])
  })

  itNeedsScope('playlist-read-private', 'tracks', `spotify:playlist:${harbourNights.id}`)
  itNeedsScope('playlist-read-private', 'tracks', '--playlist', 'x')
})
