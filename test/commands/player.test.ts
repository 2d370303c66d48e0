import { copyFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asked } from '../support/asked.ts'
import { hostile } from '../support/stand-in-catalogue.ts'
import { episode, pausedTrack, suite, track } from '../support/fixtures.ts'
import { kitchen, laptop } from '../support/stand-in-player.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  standIn.playback = track
  sandbox = createSandbox(standIn)
  await sandbox.logIn(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

const success = { code: 0, signal: null, stdout: '', stderr: '' }
const refused = { ...success, code: 5 }
const state = 'GET /v1/me/player?additional_types=track,episode'
const { uri } = track.item

describe('pause, next and previous', () => {
  it.each([
    ['pause', 'PUT /v1/me/player/pause'],
    ['next', 'POST /v1/me/player/next'],
    ['previous', 'POST /v1/me/player/previous'],
  ])('%s is one request, and silent', async (command, request) => {
    expect(await sandbox.run([command])).toEqual(success)
    expect(asked(standIn)).toEqual([request])
    // Spotify answers 411 to one that does not say that it is empty.
    expect(standIn.requests[0]?.headers).toMatchObject({ 'content-length': '0' })
  })

  it('pause while it is paused is done already', async () => {
    standIn.playback = pausedTrack
    expect(await sandbox.run(['pause'])).toEqual(success)
    expect(asked(standIn)).toEqual(['PUT /v1/me/player/pause'])
  })

  it.each([
    ['next', 'NO_NEXT_TRACK', 'There is no next track.\n'],
    ['previous', 'NO_PREV_TRACK', 'There is no previous track.\n'],
  ])('%s at the end says so', async (command, reason, stderr) => {
    standIn.fault(`POST /v1/me/player/${command}`, {
      status: 403,
      body: { error: { status: 403, message: 'Player command failed', reason } },
    })
    expect(await sandbox.run([command])).toEqual({ ...refused, stderr })
  })

  it('a server that is down is not asked to skip twice', async () => {
    standIn.fault('POST /v1/me/player/next', { status: 502 })
    expect(await sandbox.run(['next'])).toMatchObject({ code: 6 })
    expect(standIn.requests).toHaveLength(1)
  })
})

describe.each([['pause'], ['next'], ['previous'], ['seek', '5'], ['volume', '5'], ['queue', uri]])(
  '%s',
  (...args) => {
    it('without an active device says what to do', async () => {
      standIn.player.devices = [laptop]
      expect(await sandbox.run(args)).toEqual({
        ...refused,
        stderr:
          'None of your devices is active.\nOpen Spotify on one of them, or wake one: spotify-auth play --device NAME\n',
      })
    })

    it('on a device that cannot be controlled says how to use another one', async () => {
      standIn.player.devices = [{ ...kitchen, is_restricted: true }]
      expect(await sandbox.run(args)).toEqual({
        ...refused,
        stderr:
          'This device cannot be controlled from here.\nMove to another one: spotify-auth play --device NAME\n',
      })
    })

    it('without Premium says so', async () => {
      standIn.player.premium = false
      expect(await sandbox.run(args)).toEqual({
        ...refused,
        stderr:
          'This needs Spotify Premium.\nSpotify lets programs control the player of Premium accounts only.\n',
      })
    })
  },
)

describe('seek', () => {
  it.each([
    ['1:23', 83_000],
    ['83', 83_000],
    ['1:02:03', 3_723_000],
    ['0', 0],
    ['0:05', 5_000],
  ])('%s is a position', async (position, ms) => {
    expect(await sandbox.run(['seek', position])).toEqual(success)
    expect(asked(standIn)).toEqual([`PUT /v1/me/player/seek?position_ms=${ms}`])
  })

  it.each([
    ['+10', 93_417],
    ['-10', 73_417],
    ['+1:00', 143_417],
    ['-1:00', 23_417],
    ['-100', 0],
    ['+1000', track.item.duration_ms],
  ])('%s goes on from here, within the track', async (change, ms) => {
    expect(await sandbox.run(['seek', change])).toEqual(success)
    expect(asked(standIn)).toEqual([state, `PUT /v1/me/player/seek?position_ms=${ms}`])
  })

  it.each([
    ['+10', 1_214_880],
    ['+9999', episode.item.duration_ms],
  ])('%s in an episode, too', async (change, ms) => {
    standIn.playback = episode
    expect(await sandbox.run(['seek', change])).toEqual(success)
    expect(asked(standIn)[1]).toBe(`PUT /v1/me/player/seek?position_ms=${ms}`)
  })

  it.each(['soon', '1:99', '1:2:3:4', '', '+', '-', '1.5', ':30', '+-5'])(
    '%j is no position',
    async (position) => {
      expect(await sandbox.run(['seek', position])).toEqual({
        ...success,
        code: 2,
        stderr: 'That is not a position.\nSuch as 1:23, 83, +10 or -10.\n',
      })
      expect(standIn.requests).toEqual([])
    },
  )

  it('needs a position', async () => {
    expect(await sandbox.run(['seek'])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('volume', () => {
  it('prints the volume', async () => {
    expect(await sandbox.run(['volume'])).toEqual({ ...success, stdout: '40\n' })
    expect(asked(standIn)).toEqual([state])
  })

  it.each([
    ['0', 0],
    ['55', 55],
    ['100', 100],
  ])('%s is set as it is', async (level, percent) => {
    expect(await sandbox.run(['volume', level])).toEqual(success)
    expect(asked(standIn)).toEqual([`PUT /v1/me/player/volume?volume_percent=${percent}`])
  })

  it.each([
    ['+10', 50],
    ['-10', 30],
    ['+70', 100],
    ['+500', 100],
    ['+5%', 45],
    ['-70', 0],
  ])('%s goes on from the 40 of now, within 0 to 100', async (change, percent) => {
    expect(await sandbox.run(['volume', change])).toEqual(success)
    expect(asked(standIn)).toEqual([state, `PUT /v1/me/player/volume?volume_percent=${percent}`])
    expect(await sandbox.run(['volume'])).toEqual({ ...success, stdout: `${percent}\n` })
  })

  it.each(['loud', '101', '101%', '', '-', '%', '0x10', '5.5'])('%j is no volume', async (level) => {
    expect(await sandbox.run(['volume', level])).toEqual({
      ...success,
      code: 2,
      stderr: 'That is not a volume.\n0 to 100, or such as +10 and -10.\n',
    })
    expect(standIn.requests).toEqual([])
  })

  it.each([
    [[], 'Kitchen does not tell its volume.\n'],
    [['+10'], 'Kitchen does not tell its volume.\n'],
    [
      ['10'],
      'The volume of this device cannot be set from here.\nMove to another one: spotify-auth play --device NAME\n',
    ],
  ])('%j of a device without one is refused', async (level, stderr) => {
    standIn.player.devices = [{ ...kitchen, volume_percent: null, supports_volume: false }]
    expect(await sandbox.run(['volume', ...level])).toEqual({ ...refused, stderr })
  })
})

it.each([[['volume']], [['volume', '+5']], [['seek', '-5']]])(
  '%j while nothing plays says how to start, with the profile',
  async (args) => {
    standIn.playback = undefined
    const message = 'Nothing is playing on any of your devices.\nStart something: spotify-auth play'
    expect(await sandbox.run(args)).toEqual({ ...refused, stderr: `${message}\n` })
    copyFileSync(sandbox.credentialFile, path.join(path.dirname(sandbox.credentialFile), 'work.json'))
    expect(await sandbox.run([...args, '--profile', 'work'])).toEqual({
      ...refused,
      stderr: `${message} --profile work\n`,
    })
  },
)

describe('queue', () => {
  it('lists what comes next', async () => {
    standIn.player.queue = [track.item, episode.item, ...hostile.tracks]
    const [siren] = hostile.tracks
    expect(await sandbox.run(['queue'])).toEqual({
      ...success,
      stdout: [
        [uri, 'Clair de lune', 'Marisol Vantreight, Claude Debussy', 'Suite bergamasque'],
        [episode.item.uri, 'A Light off the Azores', 'The Logbook Hour', ''],
        [siren?.uri, 'Siren [31mRed Second Line', 'Ingrid Fyr', 'Sirens'],
      ]
        .map((cells) => `${cells.join('\t')}\n`)
        .join(''),
    })
    expect(asked(standIn)).toEqual(['GET /v1/me/player/queue'])
  })

  it('has the forms of the other lists', async () => {
    standIn.player.queue = [track.item, episode.item]
    expect(await sandbox.run(['queue', '--ids', '--limit', '1'])).toEqual({ ...success, stdout: `${uri}\n` })
    const { stdout } = await sandbox.run(['queue', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([{ uri }, { uri: episode.item.uri }])
  })

  it('says on standard error that nothing comes, and is an empty list for scripts', async () => {
    expect(await sandbox.run(['queue'])).toEqual({ ...success, stderr: 'Nothing comes next.\n' })
    expect(await sandbox.run(['queue', '--json'])).toEqual({ ...success, stdout: '[]\n' })
  })

  it.each([
    [[uri], []],
    [[track.item.id], []],
    [[episode.item.uri], []],
    [['clair', 'lune'], ['GET /v1/search?q=clair lune&type=track,episode&limit=5&offset=0']],
  ])('adds %j', async (what, searches) => {
    const added = what[0] === episode.item.uri ? episode.item : track.item
    expect(await sandbox.run(['queue', ...what])).toMatchObject({ code: 0, stdout: '' })
    expect(asked(standIn)).toEqual([...searches, `POST /v1/me/player/queue?uri=${added.uri}`])
    expect(standIn.player.queue).toEqual([added])
  })

  it('says what fits best', async () => {
    const { stderr } = await sandbox.run(['queue', 'clair'])
    expect(stderr).toBe('Best match: Clair de lune - Marisol Vantreight, Claude Debussy (track)\n')
  })

  it('refuses an album', async () => {
    expect(await sandbox.run(['queue', suite.uri])).toEqual({
      ...success,
      code: 2,
      stderr: `${suite.uri} is of the type album.\nThis takes: track, episode.\n`,
    })
    expect(standIn.requests).toEqual([])
  })

  it('adds several in their order', async () => {
    expect(await sandbox.run(['queue', episode.item.uri, uri])).toEqual(success)
    expect(standIn.player.queue).toEqual([episode.item, track.item])
  })
})

describe('devices', () => {
  it('are lines of id, name, type and state', async () => {
    standIn.player.devices = [
      kitchen,
      laptop,
      { ...laptop, id: null, name: 'TV\n\u001b[2J', is_restricted: true },
    ]
    expect(await sandbox.run(['devices'])).toEqual({
      ...success,
      stdout:
        `${kitchen.id}\tKitchen\tSpeaker\tactive\n` +
        `${laptop.id}\tAda’s Laptop\tComputer\t\n` +
        '\tTV [2J\tComputer\tnot controllable\n',
    })
  })

  it('are objects with --json', async () => {
    const { stdout } = await sandbox.run(['devices', '--json'])
    const fields = ({ id, name, type, is_active, is_restricted, volume_percent }: typeof kitchen) => {
      return { id, name, type, is_active, is_restricted, volume_percent }
    }
    expect(JSON.parse(stdout)).toEqual([kitchen, laptop].map(fields))
  })

  it('none is said on standard error, and is an empty list for scripts', async () => {
    standIn.player.devices = []
    const stderr = 'Spotify is open on none of your devices.\n'
    expect(await sandbox.run(['devices'])).toEqual({ ...success, stderr })
    expect(await sandbox.run(['devices', '--json'])).toEqual({ ...success, stdout: '[]\n' })
  })

  const { title, skip } = needs('are a table in a terminal', 'script')
  it.skipIf(skip)(title, async () => {
    const { stdout } = await sandbox.startInTerminal(['devices', '--no-color']).outcome
    expect(stdout.split('\r\n')).toEqual([
      'Name          Type      Volume',
      'Kitchen       Speaker       40  active',
      'Ada’s Laptop  Computer      65',
      '',
    ])
  })

  it('are asked for once more when Spotify fails', async () => {
    standIn.fault('GET /v1/me/player/devices', { status: 500 })
    expect(await sandbox.run(['devices'])).toMatchObject({ code: 0 })
    expect(standIn.requests).toHaveLength(2)
  })
})

describe('without the scope', () => {
  const [read, control] = ['user-read-playback-state', 'user-modify-playback-state']
  const refusal = (scope: string, word = 'player') => ({
    ...refused,
    stderr: `This needs the scope ${scope}, which was not granted.\nRun: spotify-auth login --scope +${word}\n`,
  })

  it.each([
    [['pause'], control],
    [['next'], control],
    [['previous'], control],
    [['seek', '5'], control],
    [['seek', '+5'], read],
    [['volume', '5'], control],
    [['volume', '+5'], read],
    [['volume'], read],
    [['queue', uri], control],
    [['queue'], read],
    [['devices'], read],
  ])('%j names the login that adds it, without a request', async (args, scope) => {
    await sandbox.logIn(standIn, { scope: ['user-read-currently-playing'] })
    expect(await sandbox.run(args)).toEqual(refusal(scope))
    expect(standIn.requests).toEqual([])
  })

  it('the queue names the one of its two scopes that is missing', async () => {
    const playing = 'user-read-currently-playing'
    const { access_token: accessToken } = await standIn.issue({ scope: read })
    await sandbox.logIn(standIn, { accessToken, scope: [read] })
    expect(await sandbox.run(['queue'])).toEqual(refusal(playing, playing))
  })

  it('the login of which nobody knows the scopes learns it from Spotify', async () => {
    const { access_token: accessToken } = await standIn.issue({ scope: read })
    await sandbox.logIn(standIn, { accessToken, scope: [] })
    expect(await sandbox.run(['next'])).toEqual(refusal(control))
    expect(standIn.requests).toHaveLength(1)
  })
})
