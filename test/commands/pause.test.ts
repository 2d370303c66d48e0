import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { pausedTrack } from '../support/fixtures.ts'
import { it } from '../support/logged-in.ts'
import { success } from '../support/outcome.ts'
import {
  controlScope,
  itIsOneSilentRequest,
  itMakesNowPlayingAskAgain,
  itNeedsScope,
  itSaysWhyThePlayerRefuses,
} from '../support/player-command.ts'

describe.concurrent('pause', () => {
  itIsOneSilentRequest('pause', 'PUT /v1/me/player/pause')
  itMakesNowPlayingAskAgain('pause')
  itSaysWhyThePlayerRefuses('pause')
  itNeedsScope(controlScope, 'pause')

  it('is done already while it is paused', async ({ sandbox, standIn }) => {
    standIn.playback = pausedTrack
    expect(await sandbox.run(['pause'])).toEqual(success)
    expect(asked(standIn)).toEqual(['PUT /v1/me/player/pause'])
  })
})
