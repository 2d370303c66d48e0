import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { pausedTrack, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { line } from '../support/now-playing.ts'
import { success } from '../support/outcome.ts'
import {
  controlScope,
  itChangesWhatNowPlayingKnows,
  itIsOneSilentRequest,
  itNeedsScope,
  itSaysWhyThePlayerRefuses,
} from '../support/player-command.ts'

describe.concurrent('pause', () => {
  itIsOneSilentRequest('pause', 'PUT /v1/me/player/pause')
  itChangesWhatNowPlayingKnows(['pause'], { playing: false, state: 'paused' })
  itSaysWhyThePlayerRefuses('pause')
  itNeedsScope(controlScope, 'pause')

  it('makes now-playing ask again where it knows of nothing to pause', async ({ sandbox, standIn }) => {
    const nowPlaying = () => runInProcess(sandbox, ['now-playing', '--max-age', '3600'])
    await nowPlaying()
    standIn.playback = track
    expect(await runInProcess(sandbox, ['pause'])).toEqual(success)
    expect(await nowPlaying()).toMatchObject({ stdout: line })
  })

  it('is done already while it is paused', async ({ sandbox, standIn }) => {
    standIn.playback = pausedTrack
    expect(await runInProcess(sandbox, ['pause'])).toEqual(success)
    expect(asked(standIn)).toEqual(['PUT /v1/me/player/pause'])
  })
})
