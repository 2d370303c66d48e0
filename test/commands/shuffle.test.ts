import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, success } from '../support/outcome.ts'
import {
  controlScope,
  itNeedsScope,
  itNeedsSomethingThatPlays,
  itSaysWhyThePlayerRefuses,
  playerState,
  readScope,
} from '../support/player-command.ts'

const set = (state: boolean) => `PUT /v1/me/player/shuffle?state=${state}`

describe.concurrent('shuffle', () => {
  it.for([
    [false, 'off'],
    [true, 'on'],
  ] as const)('prints the state: %s is %s', async ([state, word], { sandbox, standIn }) => {
    standIn.playback = track
    standIn.player.shuffle = state
    expect(await runInProcess(sandbox, ['shuffle'])).toEqual({ ...success, stdout: `${word}\n` })
    expect(await runInProcess(sandbox, ['shuffle', '--json'])).toEqual({
      ...success,
      stdout: `{"shuffle":${state}}\n`,
    })
    expect(asked(standIn)).toEqual([playerState, playerState])
  })

  it.for([
    ['on', true],
    ['off', false],
  ] as const)('%s is one request, and silent', async ([word, state], { sandbox, standIn }) => {
    standIn.player.shuffle = !state
    expect(await runInProcess(sandbox, ['shuffle', word])).toEqual(success)
    expect(asked(standIn)).toEqual([set(state)])
    expect(standIn.player.shuffle).toBe(state)
  })

  it('toggle sets what it is not', async ({ sandbox, standIn }) => {
    standIn.playback = track
    expect(await sandbox.run(['shuffle', 'toggle'])).toEqual(success)
    expect(await runInProcess(sandbox, ['shuffle', 'toggle'])).toEqual(success)
    expect(asked(standIn)).toEqual([playerState, set(true), playerState, set(false)])
  })

  it.for(['', 'ON', 'yes', 'true'])('%j is no state', async (word, { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['shuffle', word])).toEqual({
      ...misused,
      stderr: 'That is no way to shuffle.\nIt is on, off, toggle.\n',
    })
    expect(standIn.requests).toEqual([])
  })

  itNeedsSomethingThatPlays('shuffle')
  itNeedsSomethingThatPlays('shuffle', 'toggle')
  itSaysWhyThePlayerRefuses('shuffle', 'on')
  itNeedsScope(readScope, 'shuffle')
  itNeedsScope(controlScope, 'shuffle', 'on')
  itNeedsScope(controlScope, 'shuffle', 'toggle')
})
