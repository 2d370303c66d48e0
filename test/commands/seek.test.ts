import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { episode, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, success } from '../support/outcome.ts'
import {
  controlScope,
  itChangesWhatNowPlayingKnows,
  itMakesNowPlayingAskAgain,
  itNeedsScope,
  itNeedsSomethingThatPlays,
  itSaysWhyThePlayerRefuses,
  playerState,
  readScope,
} from '../support/player-command.ts'

describe.concurrent('seek', () => {
  it.for([
    ['1:23', 83_000],
    ['83', 83_000],
    ['1:02:03', 3_723_000],
    ['0', 0],
    ['0:05', 5_000],
  ] as const)('%s is a position', async ([position, ms], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['seek', position])).toEqual(success)
    expect(asked(standIn)).toEqual([`PUT /v1/me/player/seek?position_ms=${ms}`])
  })

  it.for([
    ['+10', 93_417],
    ['-10', 73_417],
    ['+1:00', 143_417],
    ['-1:00', 23_417],
    ['-100', 0],
    ['+1000', track.item.duration_ms],
  ] as const)('%s goes on from here, within the track', async ([change, ms], { sandbox, standIn }) => {
    standIn.playback = track
    expect(await runInProcess(sandbox, ['seek', change])).toEqual(success)
    expect(asked(standIn)).toEqual([playerState, `PUT /v1/me/player/seek?position_ms=${ms}`])
  })

  it.for([
    ['+10', 1_214_880],
    ['+9999', episode.item.duration_ms],
  ] as const)('%s in an episode, too', async ([change, ms], { sandbox, standIn }) => {
    standIn.playback = episode
    expect(await runInProcess(sandbox, ['seek', change])).toEqual(success)
    expect(asked(standIn)[1]).toBe(`PUT /v1/me/player/seek?position_ms=${ms}`)
  })

  it.for(['soon', '1:99', '1:2:3:4', '', '+', '-', '1.5', ':30', '+-5'])(
    '%j is no position',
    async (position, { sandbox, standIn }) => {
      expect(await runInProcess(sandbox, ['seek', position])).toEqual({
        ...misused,
        stderr: 'That is not a position.\nSuch as 1:23, 83, +10 or -10.\n',
      })
      expect(standIn.requests).toEqual([])
    },
  )

  it('needs a position', async ({ sandbox }) => {
    expect(await sandbox.run(['seek'])).toMatchObject({ code: 2, stdout: '' })
  })

  itChangesWhatNowPlayingKnows(['seek', '4:00'], { playing: true })
  itMakesNowPlayingAskAgain('seek', '+1000')

  it('is the position that now-playing goes on from', async ({ sandbox, standIn }) => {
    standIn.playback = track
    const position = () =>
      runInProcess(sandbox, ['now-playing', '--max-age', '3600', '--format', '{progress}'])
    await position()
    for (const [to, shown] of [
      ['4:00', /^4:0/],
      ['0', /^0:0/],
    ] as const) {
      await runInProcess(sandbox, ['seek', to])
      expect((await position()).stdout).toMatch(shown)
    }
  })

  itNeedsSomethingThatPlays('seek', '-5')
  itSaysWhyThePlayerRefuses('seek', '5')
  itNeedsScope(controlScope, 'seek', '5')
  itNeedsScope(readScope, 'seek', '+5')
})
