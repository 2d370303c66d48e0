import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, refused, success } from '../support/outcome.ts'
import { itMakesNowPlayingAskAgain, itNeedsScope } from '../support/player-command.ts'
import { harbourNights, playlist, shanties } from '../support/stand-in-library.ts'
import { kitchen } from '../support/stand-in-player.ts'

const lists = 'GET /v1/me/playlists?limit=50&offset=0'
const put = ({ id }: { id: string }) => `PUT /v1/me/player/play {"context_uri":"spotify:playlist:${id}"}`

/** Playlists of these names alone. */
const named = (...names: string[]) => names.map((name) => playlist(name))

describe.concurrent('play --playlist', () => {
  it('plays one by its name, and says which', async ({ sandbox, standIn }) => {
    expect(await sandbox.run(['play', '--playlist', 'harbour nights'])).toEqual({
      ...success,
      stderr: 'Best match: Harbour Nights - Ada Lovelace (playlist)\n',
    })
    expect(asked(standIn)).toEqual([lists, put(harbourNights)])
  })

  it('plays one that is only followed, on a device', async ({ sandbox, standIn }) => {
    const outcome = await runInProcess(sandbox, [
      'play',
      '--playlist',
      'shanties',
      '--device',
      kitchen.id ?? '',
    ])
    expect(outcome).toMatchObject({ code: 0 })
    const [method, body] = put(shanties).split(/ (?={)/)
    expect(asked(standIn)).toEqual([lists, `${method}?device_id=${kitchen.id} ${body}`])
  })

  it.for([
    ['exactly, rather than by its beginning', 'NIGHT', ['Nightfall', 'Night', 'Late Night']],
    ['by its beginning, rather than by a part', 'night', ['Late Night', 'Nightfall']],
    ['by a part', 'ate n', ['Nightfall', 'Late Night']],
    ['whatever the case of its letters', 'ÉTÉ à la mer', ['été à la Mer', 'Été']],
    ['however its accents are encoded', 'e\u0301te\u0301', ['\u00e9t\u00e9', 'Été à la mer']],
    ['with spaces around it', ' night ', ['Night', 'Nightfall']],
    ['with one space for several', 'late night', ['Late \u00a0 Night', 'Late Nights']],
    ['as it is shown', 'red night', ['\u202eRed\nNight\u001b', 'Red Nights']],
    ['where ß is SS', 'STRASSE', ['Straße', 'Strasse 7']],
    ['where ẞ is ß', 'straße', ['STRAẞE', 'Straße 7']],
    ['where İ is i', 'istanbul', ['İstanbul', 'Istanbul 7']],
  ] as const)('finds a name %s', async ([title, name, names], { sandbox, standIn }) => {
    standIn.library.playlists = named(...names)
    const expected = { NIGHT: 1, night: 1, 'ate n': 1 }[name as string] ?? 0
    expect([title, await runInProcess(sandbox, ['play', '--playlist', name])]).toMatchObject([
      title,
      { code: 0 },
    ])
    expect(asked(standIn).at(-1)).toBe(put(playlist(names[expected] ?? '')))
  })

  it.for([
    ['two beginnings', 'night', ['Nightfall', 'Night Watch', 'Late Night'], '"Nightfall", "Night Watch"'],
    ['two parts', 'night', ['Late Night', 'One\nNight'], '"Late Night", "One Night"'],
    [
      'more than ten',
      'watch',
      Array.from({ length: 13 }, (_, index) => `Watch ${index + 1}`),
      `${Array.from({ length: 10 }, (_, index) => `"Watch ${index + 1}"`).join(', ')} and 3 more`,
    ],
  ] as const)(
    'names %s that fit equally, and plays none',
    async ([, name, names, shown], { sandbox, standIn }) => {
      standIn.library.playlists = named(...names)
      expect(await runInProcess(sandbox, ['play', '--playlist', name])).toEqual({
        ...misused,
        stderr: `Several of your playlists fit "${name}".\nSay which one: ${shown}.\n`,
      })
      expect(asked(standIn)).toEqual([lists])
    },
  )

  it('names two of the same name by their URIs', async ({ sandbox, standIn }) => {
    const twins = named('Night', 'Night').map((each, index) => ({ ...each, id: playlist(`${index}`).id }))
    standIn.library.playlists = twins
    const { code, stderr } = await runInProcess(sandbox, ['play', '--playlist', 'night'])
    expect(code).toBe(2)
    const uris = twins.map(({ id }) => `spotify:playlist:${id}`)
    expect(stderr).toContain(`Say which one: ${uris.join(', ')}.`)
    // And takes what it has said.
    expect(await runInProcess(sandbox, ['play', '--playlist', uris[1] ?? ''])).toEqual(success)
    expect(asked(standIn)).toEqual([lists, put(twins[1] ?? harbourNights)])
  })

  it('takes a link; an id may be a name', async ({ sandbox, standIn }) => {
    const { id } = harbourNights
    standIn.library.playlists = named(shanties.id)
    await runInProcess(sandbox, ['play', '--playlist', `https://open.spotify.com/playlist/${id}?si=1`])
    await runInProcess(sandbox, ['play', '--playlist', shanties.id])
    expect(asked(standIn)).toEqual([put(harbourNights), lists, put(playlist(shanties.id))])
  })

  it('finds none: exit 5', async ({ sandbox, standIn }) => {
    const { code, stderr } = await runInProcess(sandbox, ['play', '--playlist', 'no\u001b[31m', '--json'])
    expect(code).toBe(5)
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'not_found',
        message: 'None of your playlists fits "no[31m".',
        hint: 'See which there are: spotify-auth playlists',
      },
    })
    expect(asked(standIn)).toEqual([lists])
  })

  it('looks through all of 120', async ({ sandbox, standIn }) => {
    standIn.library.playlists = named(...Array.from({ length: 120 }, (_, index) => `Watch ${index + 1}`))
    const outcome = await runInProcess(sandbox, ['play', '--playlist', 'watch 120', '--json'])
    expect(outcome).toEqual(success)
    expect(asked(standIn)).toEqual([
      ...[0, 50, 100].map((offset) => `GET /v1/me/playlists?limit=50&offset=${offset}`),
      put(playlist('Watch 120')),
    ])
  })

  it.for([
    ['nothing', [''], 'Say the name of a playlist.\n'],
    ['words beside it', ['harbour', 'nights'], /^With --playlist there is nothing else to name\.\n/],
    ['--pick off a terminal', ['harbour', '--pick'], 'There is no terminal to ask on.\nLeave out --pick.\n'],
  ] as const)('refuses %s, before any request', async ([, words, stderr], { sandbox, standIn }) => {
    const outcome = await runInProcess(sandbox, ['play', '--playlist', ...words])
    expect(outcome).toEqual({
      ...misused,
      stderr: typeof stderr === 'string' ? stderr : expect.stringMatching(stderr),
    })
    expect(standIn.requests).toEqual([])
  })

  it('names the login that adds playlists', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { scopes: ['user-modify-playback-state'] })
    expect(await runInProcess(sandbox, ['play', '--playlist', 'x'])).toEqual({
      ...refused,
      stderr:
        'This needs the scope playlist-read-private, which was not granted.\nRun: spotify-auth login --scope +library\n',
    })
    expect(standIn.requests).toEqual([])
  })

  itNeedsScope('user-modify-playback-state', 'play', '--playlist', 'x')
  itMakesNowPlayingAskAgain('play', '--playlist', 'harbour nights', '--json')
})
