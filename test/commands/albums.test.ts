import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { idsOf, itListsPageByPage, itRefusesAnotherType } from '../support/catalogue-list.ts'
import { composer, suite } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, refused, success } from '../support/outcome.ts'
import { catalogue, fogbound } from '../support/stand-in-catalogue.ts'
import { needs } from '../support/tools.ts'

const fogSignals = catalogue.albums.filter(({ artists }) => artists.includes(fogbound))
const albumsPath = `/v1/artists/${fogbound.id}/albums`

describe.concurrent('by words', () => {
  it('lists those of the artist who fits best, who is said on standard error', async ({
    sandbox,
    standIn,
  }) => {
    expect(await runInProcess(sandbox, ['albums', 'claude', 'debussy'])).toEqual({
      ...success,
      stdout: `${suite.uri}\tSuite bergamasque\tMarisol Vantreight, Claude Debussy\t\n`,
      stderr: 'Best match: Claude Debussy (artist)\n',
    })
    expect(asked(standIn)).toEqual([
      'GET /v1/search?q=claude debussy&type=artist&limit=5&offset=0',
      `GET /v1/artists/${composer.id}/albums?include_groups=album,single&limit=10&offset=0`,
    ])
  })

  it('an artist of exactly that name fits better than the first', async ({ sandbox, standIn }) => {
    standIn.fault('GET /v1/search', { body: { artists: { items: [composer, fogbound] } } })
    const { stderr } = await runInProcess(sandbox, ['albums', 'the fogbound trio'])
    expect(stderr).toBe('Best match: The Fogbound Trio (artist)\n')
  })

  it('nobody of that name is an error that names the words', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['albums', 'no', 'such\u001b[31m'])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing for "no such[31m".\nTry fewer words.\n',
    })
  })
})

describe.concurrent('by name', () => {
  it.for([
    ['a URI', composer.uri],
    ['a link', `https://open.spotify.com/artist/${composer.id}`],
    ['a link that was shared', `https://open.spotify.com/intl-de/artist/${composer.id}?si=0a1b2c3d4e5f`],
    ['an id', composer.id],
  ] as const)('%s costs no search', async ([, name], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['albums', name, '--ids'])).toEqual({
      ...success,
      stdout: `${suite.uri}\n`,
    })
    expect(asked(standIn)).toEqual([
      `GET /v1/artists/${composer.id}/albums?include_groups=album,single&limit=10&offset=0`,
    ])
  })

  itRefusesAnotherType('albums', suite.uri, 'album', 'artist')
})

describe.concurrent('all of an artist', () => {
  const albums = ['albums', fogbound.uri]
  const groups = 'include_groups=album%2Csingle'

  itListsPageByPage('the 23 that there are', albums, {
    items: fogSignals,
    queries: [0, 10, 20].map((offset) => `${groups}&limit=10&offset=${offset}`),
  })

  itListsPageByPage('as many as are wanted', [...albums, '--limit', '12'], {
    items: fogSignals.slice(0, 12),
    queries: [`${groups}&limit=10&offset=0`, `${groups}&limit=2&offset=10`],
  })

  it('without albums is an empty list', async ({ sandbox, standIn }) => {
    standIn.fault(`GET ${albumsPath}`, { body: { items: [], next: null, total: 0 } })
    expect(await runInProcess(sandbox, [...albums, '--json'])).toEqual({ ...success, stdout: '[]\n' })
  })
})

describe.concurrent('when Spotify fails in the middle', () => {
  const down = { status: 503, body: '<html>no server</html>' }

  it.for([
    ['an error', down],
    ['a connection that breaks', { reset: true }],
  ] as const)('%s is asked once more', async ([, fault], { sandbox, standIn }) => {
    standIn.fault(`GET ${albumsPath}`, {}, fault)
    expect(await runInProcess(sandbox, ['albums', fogbound.uri, '--ids'])).toEqual({
      ...success,
      stdout: idsOf(fogSignals),
    })
    expect(standIn.requests.map(({ query }) => query.get('offset'))).toEqual(['0', '10', '10', '20'])
  })

  it('a second error in a row ends it, without half a list', async ({ sandbox, standIn }) => {
    standIn.fault(`GET ${albumsPath}`, {}, down, down)
    expect(await runInProcess(sandbox, ['albums', fogbound.uri])).toEqual({
      ...success,
      code: 6,
      stderr: 'Spotify answered with status 503.\nTry again later.\n',
    })
    expect(standIn.requests).toHaveLength(3)
  })
})

const { title, skip } = needs('in a terminal', 'script')
describe.concurrent(title, { skip }, () => {
  it('a line tells how far it is, and is gone before the table', async ({ sandbox }) => {
    const { stdout } = await sandbox.startInTerminal(['albums', fogbound.uri, '--no-color']).outcome
    const [before = '', ...rows] = stdout.split(/\r\n| (?=#)/)
    expect(before).toBe('\r\u001b[K10 of 23 albums …\r\u001b[K20 of 23 albums …\r\u001b[K')
    expect(rows[0]).toBe('#  Name               By                 Year  Tracks')
    expect(rows[23]).toBe('23  Fog Signal No. 23  The Fogbound Trio  2021       2')
  })

  it('the line is gone before an error, too', async ({ sandbox, standIn }) => {
    const down = { status: 503, body: '' }
    standIn.fault(`GET ${albumsPath}`, {}, down, down)
    const { stdout } = await runInProcess(sandbox, ['albums', fogbound.uri], { columns: 80 })
    expect(stdout).toBe(
      '\r\u001b[K10 of 23 albums …\r\u001b[KSpotify answered with status 503.\nTry again later.\n',
    )
  })
})

it('--pick needs a terminal to ask on, and says so before it asks Spotify', async ({ sandbox, standIn }) => {
  expect(await runInProcess(sandbox, ['albums', 'debussy', '--pick'])).toEqual({
    ...misused,
    stderr: 'There is no terminal to ask on.\nLeave out --pick.\n',
  })
  expect(standIn.requests).toEqual([])
})
