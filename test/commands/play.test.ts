import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { composer, episode, show, suite, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import { refused, success } from '../support/outcome.ts'
import { itMakesNowPlayingAskAgain } from '../support/player-command.ts'
import { copyLogin } from '../support/profiles.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { catalogue, tracksOf } from '../support/stand-in-catalogue.ts'
import { kitchen, laptop } from '../support/stand-in-player.ts'

const put = 'PUT /v1/me/player/play'
const devices = 'GET /v1/me/player/devices'
const everywhere = 'type=track,album,artist,playlist,episode,show&limit=5&offset=0'
const clairDeLune = `{"uris":["${track.item.uri}"]}`
const [nights] = catalogue.playlists as [(typeof catalogue.playlists)[0]]

describe.concurrent('from an artist to an album to a track', () => {
  it('by arguments', async ({ sandbox, standIn }) => {
    const ids = async (...args: string[]) =>
      (await runInProcess(sandbox, [...args, '--ids'])).stdout.trim().split('\n')
    const [artist = ''] = await ids('search', 'debussy', '--type', 'artist')
    const [album = ''] = await ids('albums', artist)
    const [, , third = ''] = await ids('tracks', album)
    expect(await runInProcess(sandbox, ['play', third])).toEqual(success)
    expect(asked(standIn).at(-1)).toBe(`${put} ${clairDeLune}`)
  })

  const inShell = async (sandbox: Sandbox, line: string) => {
    const child = spawn('sh', ['-c', line], { env: withProgramOnPath(sandbox) })
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    return { code, stdout, stderr }
  }
  const quiet = { code: 0, stdout: '', stderr: '' }

  it('by pipe', async ({ standIn, sandbox }) => {
    const line = [
      'spotify-auth search debussy --type artist --ids',
      'head -1',
      'xargs spotify-auth albums --ids',
      'head -1',
      'xargs spotify-auth tracks --ids',
      'sed -n 3p',
      'xargs spotify-auth play',
    ].join(' | ')
    expect(await inShell(sandbox, line)).toEqual(quiet)
    expect(asked(standIn).at(-1)).toBe(`${put} ${clairDeLune}`)
  })

  it('all that a search finds, in one list', async ({ standIn, sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['search', 'debussy', '--type', 'track', '--ids'])
    expect(await runInProcess(sandbox, ['play', ...stdout.trim().split('\n')])).toEqual(success)
    const uris = tracksOf(suite).map(({ uri }) => uri)
    expect(asked(standIn).slice(1)).toEqual([`${put} ${JSON.stringify({ uris })}`])
  })

  it.for(['search', 'play'])(
    'the pipe in the help of %s plays nothing where nothing is found',
    async (command, { sandbox, standIn }) => {
      const { stdout } = await runInProcess(sandbox, [command, '--help'])
      const line = /spotify-auth search nocturne .*?spotify-auth play/.exec(stdout)?.[0] ?? ''
      expect(await inShell(sandbox, line)).toMatchObject({ stdout: '' })
      expect(asked(standIn)).toEqual(['GET /v1/search?q=nocturne&type=track&limit=5&offset=0'])
    },
  )
})

describe.concurrent('plays', () => {
  it.for([
    ['a track', [track.item.uri], clairDeLune],
    ['an episode', [episode.item.uri], `{"uris":["${episode.item.uri}"]}`],
    ['an album', [suite.uri], `{"context_uri":"${suite.uri}"}`],
    ['an artist', [composer.uri], `{"context_uri":"${composer.uri}"}`],
    ['a playlist', [nights.uri], `{"context_uri":"${nights.uri}"}`],
    ['a show', [show.uri], `{"context_uri":"${show.uri}"}`],
    [
      'a link',
      [`https://open.spotify.com/intl-de/album/${suite.id}?si=1a2b`],
      `{"context_uri":"${suite.uri}"}`,
    ],
    ['an id, which is one of a track', [track.item.id], clairDeLune],
    [
      'tracks and episodes, in one list',
      [track.item.uri, episode.item.uri],
      `{"uris":["${track.item.uri}","${episode.item.uri}"]}`,
    ],
  ] as const)('%s', async ([, what, body], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['play', ...what])).toEqual(success)
    expect(asked(standIn)).toEqual([`${put} ${body}`])
  })

  it('the best match of words, which it says', async ({ sandbox, standIn }) => {
    expect(await sandbox.run(['play', 'clair', 'de', 'lune'])).toEqual({
      ...success,
      stderr: 'Best match: Clair de lune - Marisol Vantreight, Claude Debussy (track)\n',
    })
    expect(asked(standIn)).toEqual([`GET /v1/search?q=clair de lune&${everywhere}`, `${put} ${clairDeLune}`])
  })

  it('an artist of exactly that name rather than one of the tracks', async ({ sandbox, standIn }) => {
    const { stderr } = await runInProcess(sandbox, ['play', 'claude', 'debussy'])
    expect(stderr).toBe('Best match: Claude Debussy (artist)\n')
    expect(asked(standIn)[1]).toBe(`${put} {"context_uri":"${composer.uri}"}`)
  })

  it('what was playing, without an argument and a terminal', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['play'])).toEqual(success)
    expect(asked(standIn)).toEqual([put])
    // Spotify answers 411 to a PUT that does not say that it is empty.
    expect(standIn.requests[0]?.headers).toMatchObject({ 'content-length': '0' })
  })

  it('nothing when words find nothing', async ({ sandbox, standIn }) => {
    const outcome = await runInProcess(sandbox, ['play', 'marsupial'])
    expect(outcome).toMatchObject({ ...refused, stderr: expect.stringContaining('"marsupial"') })
    expect(asked(standIn)).toEqual([`GET /v1/search?q=marsupial&${everywhere}`])
  })

  it.for([
    ['a URI of what cannot be played', ['spotify:user:ada:collection']],
    ['a URI with a wrong id', ['spotify:track:3vHx5LqZs7']],
    ['a link that leads elsewhere', ['https://spotify.link/0a1b2c3d4e5']],
    ['several of which not all are tracks', [suite.uri, track.item.uri]],
  ] as const)('not what a search finds for %s', async ([, what], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['play', ...what])).toMatchObject({ code: 2, stdout: '' })
    expect(asked(standIn)).toEqual([])
  })
})

describe.concurrent('--device', () => {
  it.for(['Kitchen', 'kitchen', 'KIT'])('%s is the kitchen', async (name, { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['play', track.item.uri, '--device', name])).toEqual(success)
    expect(asked(standIn)).toEqual([devices, `${put}?device_id=${kitchen.id} ${clairDeLune}`])
  })

  it('prefers the whole name to a part of another one', async ({ sandbox, standIn }) => {
    standIn.player.devices = [{ ...laptop, name: 'Kitchen window' }, kitchen]
    expect(await runInProcess(sandbox, ['play', '--device', 'kitchen'])).toEqual(success)
    expect(asked(standIn)[1]).toBe(`${put}?device_id=${kitchen.id}`)
  })

  it('takes an id without asking for the list', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['play', '--device', laptop.id ?? ''])).toEqual(success)
    expect(asked(standIn)).toEqual([`${put}?device_id=${laptop.id}`])
  })

  it.for([
    ['an unknown name', 'attic', 'None of your devices is "attic".'],
    ['a name that fits several', 't', 'Several devices fit "t".'],
  ] as const)('%s lists the devices, and plays nowhere', async ([, name, message], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['play', '--device', name])).toEqual({
      ...refused,
      stderr: `${message}\nChoose one: spotify-auth play --device NAME with "Kitchen", "Ada’s Laptop".\n`,
    })
    expect(asked(standIn)).toEqual([devices])
  })

  it('tells devices of the same name apart by their ids', async ({ sandbox, standIn }) => {
    standIn.player.devices = [kitchen, { ...laptop, name: 'Kitchen' }]
    const { code, stderr } = await runInProcess(sandbox, ['play', '--device', 'kitchen'])
    expect(code).toBe(5)
    expect(stderr).toContain(kitchen.id)
    expect(stderr).toContain(laptop.id)
  })

  it('an id that is gone is not found', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['play', '--device', 'f'.repeat(40)])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing there: Device not found.\n',
    })
  })
})

describe.concurrent('when no device is active', () => {
  const active = `${put} ${clairDeLune}`
  const idle = [{ ...kitchen, is_active: false }, laptop]

  it('wakes the only one', async ({ sandbox, standIn }) => {
    standIn.player.devices = [laptop]
    expect(await runInProcess(sandbox, ['play', track.item.uri])).toEqual(success)
    expect(asked(standIn)).toEqual([active, devices, `${put}?device_id=${laptop.id} ${clairDeLune}`])
    expect(standIn.player.devices).toEqual([{ ...laptop, is_active: true }])
  })

  it('wakes the only one that can be controlled', async ({ sandbox, standIn }) => {
    const idle = { ...kitchen, is_active: false }
    standIn.player.devices = [{ ...idle, is_restricted: true }, { ...idle, id: null }, laptop]
    expect(await runInProcess(sandbox, ['play'])).toEqual(success)
    expect(asked(standIn)).toEqual([put, devices, `${put}?device_id=${laptop.id}`])
  })

  it('lists several', async ({ sandbox, standIn }) => {
    standIn.player.devices = idle
    expect(await runInProcess(sandbox, ['play', track.item.uri])).toEqual({
      ...refused,
      stderr:
        'None of your devices is active.\n' +
        'Choose one: spotify-auth play --device NAME with "Kitchen", "Ada’s Laptop".\n',
    })
    expect(asked(standIn)).toEqual([active, devices])
  })

  it('says to open Spotify where there is none', async ({ sandbox, standIn }) => {
    standIn.player.devices = []
    expect(await runInProcess(sandbox, ['play'])).toEqual({
      ...refused,
      stderr:
        'None of your devices is active.\n' +
        'Open Spotify on a phone, a computer or a speaker, then try again.\n',
    })
  })
})

describe.concurrent('when Spotify refuses', () => {
  const dashboard = 'https://developer.spotify.com/dashboard'

  it('a listener without Premium is told so', async ({ sandbox, standIn }) => {
    standIn.player.premium = false
    expect(await runInProcess(sandbox, ['play'])).toEqual({
      ...refused,
      stderr:
        'This needs Spotify Premium.\n' +
        'Spotify lets programs control the player of Premium accounts only.\n',
    })
    expect(asked(standIn)).toEqual([put])
  })

  it.for([
    [
      'the owner of the app has no Premium',
      'Active premium subscription required for the owner of the app.',
      `The app's owner needs Spotify Premium: ${dashboard}`,
    ],
    [
      'the user is not on the list of the app',
      'Check settings on developer.spotify.com/dashboard, the user may not be registered.',
      `Add your account to the app's list of users: ${dashboard}`,
    ],
    [
      'it does not say more',
      'Forbidden.',
      `In development mode the app's owner needs Premium, and you must be on the app's list of users: ${dashboard}`,
    ],
  ] as const)('%s', async ([, body, hint], { sandbox, standIn }) => {
    standIn.fault(put, { status: 403, body })
    expect(await runInProcess(sandbox, ['play'])).toEqual({
      ...refused,
      stderr: `Spotify refused: ${body}\n${hint}\n`,
    })
  })

  it('a restricted device is left alone when it is named', async ({ sandbox, standIn }) => {
    standIn.player.devices = [{ ...kitchen, is_restricted: true }, laptop]
    expect(await runInProcess(sandbox, ['play', '--device', 'kitchen'])).toEqual({
      ...refused,
      stderr: 'Kitchen cannot be controlled from here.\nChoose another one: spotify-auth devices\n',
    })
    expect(asked(standIn)).toEqual([devices])
  })

  it('what is not there', async ({ sandbox, standIn }) => {
    standIn.fault(put, { status: 404, body: { error: { status: 404, message: 'Not found.' } } })
    expect(await runInProcess(sandbox, ['play', suite.uri])).toEqual({
      ...refused,
      stderr: 'Spotify found nothing there: Not found.\n',
    })
  })

  it('a server that is down is not asked to play twice', async ({ sandbox, standIn }) => {
    standIn.fault(put, { status: 503 })
    expect(await runInProcess(sandbox, ['play'])).toEqual({
      ...success,
      code: 6,
      stderr: 'Spotify answered with status 503.\nTry again later.\n',
    })
    expect(asked(standIn)).toEqual([put])
  })
})

describe.concurrent('without the scope', () => {
  const message = 'This needs the scope user-modify-playback-state, which was not granted.\n'
  it.beforeEach(({ sandbox, standIn }) => sandbox.logIn(standIn, { scopes: ['user-read-currently-playing'] }))

  it.for([
    ['to go on', []],
    ['a URI', [track.item.uri]],
    ['words', ['clair', 'de', 'lune']],
  ] as const)(
    '%s: names the login that adds it, before any request',
    async ([, what], { sandbox, standIn }) => {
      const stderr = `${message}Run: spotify-auth login --scope +player\n`
      expect(await runInProcess(sandbox, ['play', ...what])).toEqual({ ...refused, stderr })
      expect(asked(standIn)).toEqual([])
    },
  )

  it('names the login of another profile', async ({ sandbox }) => {
    copyLogin(sandbox, 'work')
    expect(await runInProcess(sandbox, ['play', '--profile', 'work'])).toEqual({
      ...refused,
      stderr: `${message}Run: spotify-auth login --scope +player --profile work\n`,
    })
  })
})

itMakesNowPlayingAskAgain('play', track.item.uri)
