import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { composer, episode, performer, show, suite, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, refused, success } from '../support/outcome.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { catalogue, fogbound, hostile, tracksOf } from '../support/stand-in-catalogue.ts'
import { needs } from '../support/tools.ts'

const line = (...cells: string[]) => `${cells.join('\t')}\n`

it('prints artists, albums and tracks, each a line of URI, name, artists and album', async ({
  sandbox,
  standIn,
}) => {
  const by = 'Marisol Vantreight, Claude Debussy'
  const stdout = [
    line(composer.uri, 'Claude Debussy', '', ''),
    line(suite.uri, 'Suite bergamasque', by, ''),
    ...tracksOf(suite).map(({ uri, name }) => line(uri, name, by, 'Suite bergamasque')),
  ].join('')
  expect(await runInProcess(sandbox, ['search', 'debussy'])).toEqual({ ...success, stdout })
  expect(asked(standIn)).toEqual(['GET /v1/search?q=debussy&type=artist,album,track&limit=5&offset=0'])
})

it('--ids prints the URIs alone', async ({ sandbox }) => {
  const uris = [composer, suite, ...tracksOf(suite)].map(({ uri }) => `${uri}\n`)
  expect(await runInProcess(sandbox, ['search', 'debussy', '--ids'])).toEqual({
    ...success,
    stdout: uris.join(''),
  })
})

const nothing = {
  artists: [],
  owner: null,
  album: null,
  release_date: null,
  total_tracks: null,
  duration_ms: null,
  explicit: null,
}
const same = ({ type, id, uri, name, external_urls }: typeof performer) => {
  return { ...nothing, type, id, uri, name, url: external_urls.spotify }
}
const [nights] = catalogue.playlists as [(typeof catalogue.playlists)[0]]

it.for([
  ['artist', 'marisol', same(performer)],
  [
    'album',
    'suite',
    {
      ...same(suite),
      artists: ['Marisol Vantreight', 'Claude Debussy'],
      release_date: '2019-03-22',
      total_tracks: 4,
    },
  ],
  [
    'track',
    'clair',
    {
      ...same(track.item),
      artists: ['Marisol Vantreight', 'Claude Debussy'],
      album: 'Suite bergamasque',
      release_date: '2019-03-22',
      duration_ms: 304_160,
      explicit: false,
    },
  ],
  ['playlist', 'nights', { ...same(nights), owner: 'Ada Lovelace', total_tracks: 12 }],
  [
    'episode',
    'azores',
    { ...same(episode.item), release_date: '2026-04-09', duration_ms: 2_731_500, explicit: false },
  ],
  ['show', 'logbook', { ...same(show), owner: 'Harbour Light Audio', total_tracks: 58, explicit: false }],
] as const)('--json prints all that is known of the %s', async ([type, word, item], { sandbox }) => {
  const outcome = await runInProcess(sandbox, ['search', word, '--type', type, '--json'])
  expect(outcome).toEqual({ ...success, stdout: expect.any(String) })
  expect(JSON.parse(outcome.stdout)).toEqual([item])
})

describe.concurrent('--type', () => {
  it.for([
    ['track,artist', 'track,artist'],
    ['track artist', 'track,artist'],
    ['track,artist,track', 'track,artist'],
  ] as const)('%j asks for these, in this order', async ([types, type], { sandbox, standIn }) => {
    const { stdout } = await runInProcess(sandbox, ['search', 'debussy', '--ids', '--type', types])
    expect(stdout).toBe([...tracksOf(suite), composer].map(({ uri }) => `${uri}\n`).join(''))
    expect(asked(standIn)).toEqual([`GET /v1/search?q=debussy&type=${type}&limit=5&offset=0`])
  })

  it('names the types that there are instead of one that there is not', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['search', 'debussy', '--type', 'track,poem'])).toEqual({
      ...misused,
      stderr:
        'Spotify has nothing of that type.\n' +
        '--type takes artist, album, track, playlist, episode, show, several with commas.\n',
    })
  })
})

describe.concurrent('--limit', () => {
  it('asks for pages of at most ten, and only for the types of which there is more', async ({
    sandbox,
    standIn,
  }) => {
    const { stdout } = await runInProcess(sandbox, ['search', 'fogbound', '--limit', '25', '--ids'])
    const { albums, tracks } = catalogue
    const theirs = [albums, tracks].map((items) => items.filter(({ artists }) => artists.includes(fogbound)))
    expect(stdout.trim().split('\n')).toEqual(
      [fogbound, ...theirs.flatMap((items) => items.slice(0, 25))].map(({ uri }) => uri),
    )
    expect(asked(standIn)).toEqual([
      'GET /v1/search?q=fogbound&type=artist,album,track&limit=10&offset=0',
      'GET /v1/search?q=fogbound&type=album,track&limit=10&offset=10',
      'GET /v1/search?q=fogbound&type=album,track&limit=5&offset=20',
    ])
  })

  it('ends where there is no more', async ({ sandbox, standIn }) => {
    const { stdout } = await runInProcess(sandbox, [
      'search',
      'fogbound',
      '--type',
      'album',
      '--limit',
      '500',
      '--ids',
    ])
    expect(stdout.trim().split('\n')).toHaveLength(23)
    expect(standIn.requests.map(({ query }) => query.get('offset'))).toEqual(['0', '10', '20'])
  })

  it('stays below the 1,000 that Spotify finds at most', async ({ sandbox, standIn }) => {
    const [hit] = tracksOf(hostile.album)
    const page = { tracks: { items: [hit], total: 9_999, next: 'https://api.spotify.com/v1/search' } }
    standIn.fault('GET /v1/search', ...Array.from({ length: 200 }, () => ({ body: page })))
    await runInProcess(sandbox, ['search', 'siren', '--type', 'track', '--limit', '1500'])
    expect(standIn.requests).toHaveLength(100)
    expect(asked(standIn).at(-1)).toBe('GET /v1/search?q=siren&type=track&limit=10&offset=990')
  })
})

it('skips the gaps where Spotify may not show something', async ({ sandbox, standIn }) => {
  standIn.fault('GET /v1/search', {
    transform: ({ tracks }) => ({ tracks: { ...tracks, items: [null, ...tracks.items, {}] } }),
  })
  const { stdout } = await runInProcess(sandbox, ['search', 'clair', '--type', 'track', '--ids'])
  expect(stdout).toBe(`${track.item.uri}\n`)
})

describe.concurrent('when nothing is found', () => {
  it('says so and exits 5', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['search', 'marsupial'])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing.\nTry fewer words, or more types with --type.\n',
    })
  })

  it('is an object for scripts', async ({ sandbox }) => {
    const { code, stderr } = await runInProcess(sandbox, ['search', 'marsupial', '--json'])
    expect(code).toBe(5)
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'not_found',
        message: 'Spotify found nothing.',
        hint: 'Try fewer words, or more types with --type.',
      },
    })
  })
})

describe.concurrent('a hostile title', () => {
  const name = 'Siren \u001b[31mRed\nSecond\tLine \u202eeniL\u0007'
  it.beforeEach(({ standIn }) => {
    standIn.fault('GET /v1/search', {
      transform: ({ tracks }) => ({ tracks: { ...tracks, items: [{ ...tracks.items[0], name }] } }),
    })
  })

  it('stays one line of four cells', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['search', 'siren', '--type', 'track'])
    const [{ uri } = { uri: '' }] = hostile.tracks
    expect(stdout).toBe(line(uri, 'Siren [31mRed Second Line eniL', 'Ingrid Fyr', 'Sirens'))
  })

  it('comes back from --json as it was, on a line that a terminal cannot obey', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['search', 'siren', '--type', 'track', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([{ name }])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })
})

it.for([
  ['no word', ['search'], "Missing required argument 'query'.\nSee: spotify-auth search --help\n"],
  ['an empty limit', ['search', 'a', '--limit', '0'], '--limit takes a whole number of at least 1.\n'],
  ['a limit in words', ['search', 'a', '--limit', 'all'], '--limit takes a whole number of at least 1.\n'],
  ['an unknown flag', ['search', 'a', '--loud'], expect.stringContaining("Unknown option '--loud'.")],
  ['an empty word', ['search', ' '], expect.any(String)],
] as const)('%s is a usage error that costs no request', async ([, args, stderr], { sandbox, standIn }) => {
  expect(await runInProcess(sandbox, [...args])).toEqual({ ...misused, stderr })
  expect(standIn.requests).toEqual([])
})

const { title, skip } = needs('in a terminal', 'script')
describe.skipIf(skip)(title, () => {
  const shown = async (sandbox: Sandbox, ...args: string[]) =>
    (await runInProcess(sandbox, [...args, '--no-color'], { columns: 80 })).stdout

  it('is a table for each type, numbered through, within the width', async ({ sandbox }) => {
    const { stdout } = await sandbox.startInTerminal(['search', 'debussy', '--no-color']).outcome
    expect(stdout.replaceAll('\r\n', '\n')).toBe(`Artists
#  Name
1  Claude Debussy

Albums
#  Name               By                                  Year  Tracks
2  Suite bergamasque  Marisol Vantreight, Claude Debussy  2019       4

Tracks
#  Name           By                             Album              Year  Length
3  Prélude        Marisol Vantreight, Claude D…  Suite bergamasque  2019    3:01
4  Menuet         Marisol Vantreight, Claude D…  Suite bergamasque  2019    3:02
5  Clair de lune  Marisol Vantreight, Claude D…  Suite bergamasque  2019    5:04
6  Passepied      Marisol Vantreight, Claude D…  Suite bergamasque  2019    3:04
`)
  })

  it('shows how many of those that there are have been found, while there are more', async ({ sandbox }) => {
    const screen = await shown(sandbox, 'search', 'fogbound', '--type', 'album', '--limit', '100')
    const [before, table] = screen.split('\r\u001b[K #  Name')
    expect(before).toBe('\r\u001b[K10 of 23 found …\r\u001b[K20 of 23 found …')
    expect(table?.trimEnd().split('\n')).toHaveLength(24)
  })

  it('shows a hostile title without obeying it', async ({ sandbox }) => {
    const screen = await shown(sandbox, 'search', 'siren', '--type', 'track')
    expect(screen.split('\n').slice(-2)).toEqual([
      '1  Siren [31mRed Second Line  Ingrid Fyr  Sirens  2021    3:01',
      '',
    ])
  })

  // Without colours the program has shown the table above.
  it('has colours where they are wanted', async ({ sandbox }) => {
    const { stdout } = await sandbox.startInTerminal(['search', 'clair']).outcome
    expect(stdout).toContain('\u001b[2m#  Name')
  })
})
