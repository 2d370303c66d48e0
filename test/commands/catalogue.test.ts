import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asked } from '../support/asked.ts'
import { catalogue, fogbound, ledger, tracksOf } from '../support/stand-in-catalogue.ts'
import { composer, suite, track } from '../support/fixtures.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  sandbox = createSandbox(standIn)
  await sandbox.logIn(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

const success = { code: 0, signal: null, stderr: '' }
const refused = { code: 5, signal: null, stdout: '' }
const idsOf = (items: { uri: string }[]) => items.map(({ uri }) => `${uri}\n`).join('')
const fogSignals = catalogue.albums.filter(({ artists }) => artists.includes(fogbound))
const entries = tracksOf(ledger.album)
const albumsPath = `/v1/artists/${fogbound.id}/albums`

describe('by words', () => {
  it('albums lists those of the artist who fits best, who is said on standard error', async () => {
    expect(await sandbox.run(['albums', 'claude', 'debussy'])).toEqual({
      ...success,
      stdout: `${suite.uri}\tSuite bergamasque\tMarisol Vantreight, Claude Debussy\t\n`,
      stderr: 'Best match: Claude Debussy (artist)\n',
    })
    expect(asked(standIn)).toEqual([
      'GET /v1/search?q=claude debussy&type=artist&limit=5&offset=0',
      `GET /v1/artists/${composer.id}/albums?include_groups=album,single&limit=10&offset=0`,
    ])
  })

  it('tracks lists those of the album that fits best, in their order', async () => {
    const by = 'Marisol Vantreight, Claude Debussy'
    expect(await sandbox.run(['tracks', 'bergamasque'])).toEqual({
      ...success,
      stdout: tracksOf(suite)
        .map(({ uri, name }) => `${uri}\t${name}\t${by}\t\n`)
        .join(''),
      stderr: `Best match: Suite bergamasque - ${by} (album)\n`,
    })
  })

  it('an artist of exactly that name fits better than the first', async () => {
    standIn.fault('GET /v1/search', { body: { artists: { items: [composer, fogbound] } } })
    const { stderr } = await sandbox.run(['albums', 'the fogbound trio'])
    expect(stderr).toBe('Best match: The Fogbound Trio (artist)\n')
  })

  it('nobody of that name is an error that names the words', async () => {
    expect(await sandbox.run(['albums', 'no', 'such\u001b[31m'])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing for "no such[31m".\nTry fewer words.\n',
    })
  })
})

describe('by name', () => {
  it.each([
    ['a URI', composer.uri],
    ['a link', `https://open.spotify.com/artist/${composer.id}`],
    ['a link that was shared', `https://open.spotify.com/intl-de/artist/${composer.id}?si=0a1b2c3d4e5f`],
    ['an id', composer.id],
  ])('%s costs no search', async (_, name) => {
    expect(await sandbox.run(['albums', name, '--ids'])).toEqual({ ...success, stdout: `${suite.uri}\n` })
    expect(asked(standIn)).toEqual([
      `GET /v1/artists/${composer.id}/albums?include_groups=album,single&limit=10&offset=0`,
    ])
  })

  it.each([
    ['albums', suite.uri, 'album', 'artist'],
    ['tracks', track.item.uri, 'track', 'album'],
    ['tracks', `https://open.spotify.com/artist/${composer.id}`, 'artist', 'album'],
  ])('%s refuses %s', async (command, name, type, wanted) => {
    const uri = `spotify:${type}:${name.split(/[:/]/).at(-1)}`
    expect(await sandbox.run([command, name])).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `${uri} is of the type ${type}.\nThis takes: ${wanted}.\n`,
    })
    expect(standIn.requests).toEqual([])
  })

  it('an id of nothing is not found', async () => {
    expect(await sandbox.run(['tracks', '0000000000000000000000'])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing there: Resource not found.\n',
    })
    expect(standIn.requests).toHaveLength(1)
  })
})

describe('page by page', () => {
  it.each([
    [
      'the 23 albums of an artist',
      ['albums', fogbound.uri],
      fogSignals,
      [0, 10, 20].map((offset) => `include_groups=album%2Csingle&limit=10&offset=${offset}`),
    ],
    [
      'the 120 tracks of an album',
      ['tracks', ledger.album.uri],
      entries,
      ['limit=50&offset=0', 'limit=50&offset=50', 'limit=50&offset=100'],
    ],
    [
      'as many as are wanted',
      ['albums', fogbound.uri, '--limit', '12'],
      fogSignals.slice(0, 12),
      ['include_groups=album%2Csingle&limit=10&offset=0', 'include_groups=album%2Csingle&limit=2&offset=10'],
    ],
    [
      'no page too many',
      ['tracks', ledger.album.uri, '--limit', '50'],
      entries.slice(0, 50),
      ['limit=50&offset=0'],
    ],
    [
      'no more than there is',
      ['tracks', suite.uri, '--limit', '1000'],
      tracksOf(suite),
      ['limit=50&offset=0'],
    ],
  ])('%s', async (_, args, items, queries) => {
    expect(await sandbox.run([...args, '--ids'])).toEqual({ ...success, stdout: idsOf(items) })
    expect(standIn.requests.map(({ query }) => String(query))).toEqual(queries)
  })

  it('an artist without albums is an empty list', async () => {
    standIn.fault(`GET ${albumsPath}`, { body: { items: [], next: null, total: 0 } })
    expect(await sandbox.run(['albums', fogbound.uri, '--json'])).toEqual({ ...success, stdout: '[]\n' })
  })
})

describe('when Spotify fails in the middle', () => {
  const down = { status: 503, body: '<html>no server</html>' }

  it.each([
    ['an error', down],
    ['a connection that breaks', { reset: true }],
  ])('%s is asked once more', async (_, fault) => {
    standIn.fault(`GET ${albumsPath}`, {}, fault)
    expect(await sandbox.run(['albums', fogbound.uri, '--ids'])).toEqual({
      ...success,
      stdout: idsOf(fogSignals),
    })
    expect(standIn.requests.map(({ query }) => query.get('offset'))).toEqual(['0', '10', '10', '20'])
  })

  it('a second error in a row ends it, without half a list', async () => {
    standIn.fault(`GET ${albumsPath}`, {}, down, down)
    expect(await sandbox.run(['albums', fogbound.uri])).toEqual({
      code: 6,
      signal: null,
      stdout: '',
      stderr: 'Spotify answered with status 503.\nTry again later.\n',
    })
    expect(standIn.requests).toHaveLength(3)
  })
})

const { title, skip } = needs('in a terminal', 'script')
describe.skipIf(skip)(title, () => {
  it('a line tells how far it is, and is gone before the table', async () => {
    const { stdout } = await sandbox.startInTerminal(['albums', fogbound.uri, '--no-color']).outcome
    const [before = '', ...rows] = stdout.split(/\r\n| (?=#)/)
    expect(before).toBe('\r\u001b[K10 of 23 albums …\r\u001b[K20 of 23 albums …\r\u001b[K')
    expect(rows[0]).toBe('#  Name               By                 Year  Tracks')
    expect(rows[23]).toBe('23  Fog Signal No. 23  The Fogbound Trio  2021       2')
  })

  it('the line is gone before an error, too', async () => {
    const down = { status: 503, body: '' }
    standIn.fault(`GET ${albumsPath}`, {}, down, down)
    const { stdout } = await sandbox.startInTerminal(['albums', fogbound.uri, '--no-color']).outcome
    expect(stdout).toBe(
      '\r\u001b[K10 of 23 albums …\r\u001b[KSpotify answered with status 503.\r\nTry again later.\r\n',
    )
  })
})

it('--pick needs a terminal to ask on, and says so before it asks Spotify', async () => {
  expect(await sandbox.run(['albums', 'debussy', '--pick'])).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: 'There is no terminal to ask on.\nLeave out --pick.\n',
  })
  expect(standIn.requests).toEqual([])
})
