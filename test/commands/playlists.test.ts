import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { itListsPageByPage } from '../support/catalogue-list.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { success } from '../support/outcome.ts'
import { itNeedsScope } from '../support/player-command.ts'
import { deckSongs, harbourNights, playlist, shanties } from '../support/stand-in-library.ts'

const uriOf = ({ id }: { id: string }) => `spotify:playlist:${id}`
const many = Array.from({ length: 120 }, (_, index) => playlist(`Watch ${index + 1}`))
const items = many.map((each) => ({ uri: uriOf(each) }))

describe.concurrent('playlists', () => {
  it('lists one’s own and those that one follows', async ({ sandbox, standIn }) => {
    expect(await sandbox.run(['playlists'])).toEqual({
      ...success,
      stdout:
        `${uriOf(harbourNights)}\tHarbour Nights\tAda Lovelace\t\n` +
        `${uriOf(deckSongs)}\tDeck Songs\tGrace Hopper\t\n` +
        `${uriOf(shanties)}\tSea Shanties\tGrace Hopper\t\n`,
    })
    expect(asked(standIn)).toEqual(['GET /v1/me/playlists?limit=50&offset=0'])
  })

  it('has how many items are in each in JSON', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['playlists', '--json', '--limit', '1'])
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        type: 'playlist',
        uri: uriOf(harbourNights),
        total_tracks: 12,
        owner: 'Ada Lovelace',
      }),
    ])
  })

  it('keeps a hostile name on one line', async ({ sandbox, standIn }) => {
    standIn.library.playlists = [playlist('Night\n\u001b[2JWatch\t\u202e')]
    const { stdout } = await runInProcess(sandbox, ['playlists'])
    expect(stdout).toBe(
      `${uriOf(playlist('Night\n\u001b[2JWatch\t\u202e'))}\tNight [2JWatch \tAda Lovelace\t\n`,
    )
  })

  it('is a table in a terminal', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['playlists', '--no-color'], { columns: 80 })
    expect(stdout.split('\n')).toEqual([
      '#  Name            By            Tracks',
      '1  Harbour Nights  Ada Lovelace      12',
      '2  Deck Songs      Grace Hopper       1',
      '3  Sea Shanties    Grace Hopper       3',
      '',
    ])
  })

  itNeedsScope('playlist-read-private', 'playlists')
})

describe.concurrent('120 playlists', () => {
  it.beforeEach(({ standIn }) => {
    standIn.library.playlists = [...many]
  })

  itListsPageByPage('the first fifty', ['playlists'], {
    items: items.slice(0, 50),
    queries: ['limit=50&offset=0'],
  })

  itListsPageByPage('all', ['playlists', '--limit', '1000'], {
    items,
    queries: ['limit=50&offset=0', 'limit=50&offset=50', 'limit=50&offset=100'],
  })
})
