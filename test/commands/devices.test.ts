import { describe, expect } from 'vitest'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { success } from '../support/outcome.ts'
import { itNeedsScope, readScope } from '../support/player-command.ts'
import { kitchen, laptop } from '../support/stand-in-player.ts'

describe.concurrent('devices', () => {
  it('are lines of id, name, type and state', async ({ sandbox, standIn }) => {
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

  it('are objects with --json', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['devices', '--json'])
    const fields = ({ id, name, type, is_active, is_restricted, volume_percent }: typeof kitchen) => {
      return { id, name, type, is_active, is_restricted, volume_percent }
    }
    expect(JSON.parse(stdout)).toEqual([kitchen, laptop].map(fields))
  })

  it('none is said on standard error, and is an empty list for scripts', async ({ sandbox, standIn }) => {
    standIn.player.devices = []
    const stderr = 'Spotify is open on none of your devices.\n'
    expect(await runInProcess(sandbox, ['devices'])).toEqual({ ...success, stderr })
    expect(await runInProcess(sandbox, ['devices', '--json'])).toEqual({ ...success, stdout: '[]\n' })
  })

  it('are a table in a terminal', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['devices', '--no-color'], { columns: 80 })
    expect(stdout.split('\n')).toEqual([
      'Name          Type      Volume',
      'Kitchen       Speaker       40  active',
      'Ada’s Laptop  Computer      65',
      '',
    ])
  })

  it('are asked for once more when Spotify fails', async ({ sandbox, standIn }) => {
    standIn.fault('GET /v1/me/player/devices', { status: 500 })
    expect(await runInProcess(sandbox, ['devices'])).toMatchObject({ code: 0 })
    expect(standIn.requests).toHaveLength(2)
  })

  itNeedsScope(readScope, 'devices')
})
