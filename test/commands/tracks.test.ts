import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { itListsPageByPage, itRefusesAnotherType } from '../support/catalogue-list.ts'
import { composer, suite, track } from '../support/fixtures.ts'
import { it } from '../support/logged-in.ts'
import { refused, success } from '../support/outcome.ts'
import { ledger, tracksOf } from '../support/stand-in-catalogue.ts'

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

  itRefusesAnotherType('tracks', track.item.uri, 'track', 'album')
  itRefusesAnotherType('tracks', `https://open.spotify.com/artist/${composer.id}`, 'artist', 'album')

  it('of an id of nothing are not found', async ({ sandbox, standIn }) => {
    expect(await sandbox.run(['tracks', '0000000000000000000000'])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing there: Resource not found.\n',
    })
    expect(standIn.requests).toHaveLength(1)
  })
})
