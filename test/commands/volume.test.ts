import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, refused, success } from '../support/outcome.ts'
import {
  controlScope,
  itNeedsScope,
  itNeedsSomethingThatPlays,
  itSaysWhyThePlayerRefuses,
  playerState,
  readScope,
} from '../support/player-command.ts'
import { kitchen } from '../support/stand-in-player.ts'

describe.concurrent('volume', () => {
  it('prints the volume', async ({ sandbox, standIn }) => {
    standIn.playback = track
    expect(await sandbox.run(['volume'])).toEqual({ ...success, stdout: '40\n' })
    expect(asked(standIn)).toEqual([playerState])
  })

  it.for([
    ['0', 0],
    ['55', 55],
    ['100', 100],
  ] as const)('%s is set as it is', async ([level, percent], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['volume', level])).toEqual(success)
    expect(asked(standIn)).toEqual([`PUT /v1/me/player/volume?volume_percent=${percent}`])
  })

  it.for([
    ['+10', 50],
    ['-10', 30],
    ['+70', 100],
    ['+500', 100],
    ['+5%', 45],
    ['-70', 0],
  ] as const)(
    '%s goes on from the 40 of now, within 0 to 100',
    async ([change, percent], { sandbox, standIn }) => {
      standIn.playback = track
      expect(await runInProcess(sandbox, ['volume', change])).toEqual(success)
      expect(asked(standIn)).toEqual([playerState, `PUT /v1/me/player/volume?volume_percent=${percent}`])
      expect(standIn.player.devices[0]?.volume_percent).toBe(percent)
    },
  )

  it.for([
    ['+5%', '45\n'],
    ['-70', '0\n'],
  ] as const)('prints what %s has set', async ([change, stdout], { sandbox, standIn }) => {
    standIn.playback = track
    await runInProcess(sandbox, ['volume', change])
    expect(await runInProcess(sandbox, ['volume'])).toEqual({ ...success, stdout })
  })

  it.for(['loud', '101', '101%', '', '-', '%', '0x10', '5.5'])(
    '%j is no volume',
    async (level, { sandbox, standIn }) => {
      expect(await runInProcess(sandbox, ['volume', level])).toEqual({
        ...misused,
        stderr: 'That is not a volume.\n0 to 100, or such as +10 and -10.\n',
      })
      expect(standIn.requests).toEqual([])
    },
  )

  it.for([
    [[], 'Kitchen does not tell its volume.\n'],
    [['+10'], 'Kitchen does not tell its volume.\n'],
    [
      ['10'],
      'The volume of this device cannot be set from here.\nMove to another one: spotify-auth play --device NAME\n',
    ],
  ] as const)('%j of a device without one is refused', async ([level, stderr], { sandbox, standIn }) => {
    standIn.playback = track
    standIn.player.devices = [{ ...kitchen, volume_percent: null, supports_volume: false }]
    expect(await runInProcess(sandbox, ['volume', ...level])).toEqual({ ...refused, stderr })
  })

  itNeedsSomethingThatPlays('volume')
  itNeedsSomethingThatPlays('volume', '+5')
  itSaysWhyThePlayerRefuses('volume', '5')
  itNeedsScope(controlScope, 'volume', '5')
  itNeedsScope(readScope, 'volume', '+5')
  itNeedsScope(readScope, 'volume')
})
