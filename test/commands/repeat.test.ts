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

const words = ['off', 'track', 'context']

describe.concurrent('repeat', () => {
  it.for(words)('prints the state %s', async (word, { sandbox, standIn }) => {
    standIn.playback = track
    standIn.player.repeat = word
    expect(await runInProcess(sandbox, ['repeat'])).toEqual({ ...success, stdout: `${word}\n` })
    expect(await runInProcess(sandbox, ['repeat', '--json'])).toEqual({
      ...success,
      stdout: `{"repeat":"${word}"}\n`,
    })
    expect(asked(standIn)).toEqual([playerState, playerState])
  })

  it.for(words)('%s is one request, and silent', async (word, { sandbox, standIn }) => {
    standIn.player.repeat = 'something else'
    const run = word === 'track' ? sandbox.run(['repeat', word]) : runInProcess(sandbox, ['repeat', word])
    expect(await run).toEqual(success)
    expect(asked(standIn)).toEqual([`PUT /v1/me/player/repeat?state=${word}`])
    expect(standIn.player.repeat).toBe(word)
  })

  it.for(['', 'on', 'album', 'Track'])('%j cannot be repeated', async (word, { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['repeat', word])).toEqual({
      ...misused,
      stderr: 'That cannot be repeated.\nIt is off, track, context.\n',
    })
    expect(standIn.requests).toEqual([])
  })

  itNeedsSomethingThatPlays('repeat')
  itSaysWhyThePlayerRefuses('repeat', 'track')
  itNeedsScope(readScope, 'repeat')
  itNeedsScope(controlScope, 'repeat', 'track')
})
