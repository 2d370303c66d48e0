import { describe, expect } from 'vitest'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import {
  controlScope,
  itIsOneSilentRequest,
  itMakesNowPlayingAskAgain,
  itNeedsScope,
  itSaysThatThereIsNothingMore,
  itSaysWhyThePlayerRefuses,
  missingScope,
  readScope,
} from '../support/player-command.ts'

describe.concurrent('next', () => {
  itIsOneSilentRequest('next', 'POST /v1/me/player/next')
  itMakesNowPlayingAskAgain('next')
  itSaysThatThereIsNothingMore('next', 'NO_NEXT_TRACK', 'There is no next track.\n')
  itSaysWhyThePlayerRefuses('next')
  itNeedsScope(controlScope, 'next')

  it('is not asked for twice where a server is down', async ({ sandbox, standIn }) => {
    standIn.fault('POST /v1/me/player/next', { status: 502 })
    expect(await runInProcess(sandbox, ['next'])).toMatchObject({ code: 6 })
    expect(standIn.requests).toHaveLength(1)
  })

  it('learns from Spotify which scopes a login has of which nobody knows them', async ({
    sandbox,
    standIn,
  }) => {
    const { access_token: accessToken } = await standIn.issue({ scope: readScope })
    await sandbox.logIn(standIn, { accessToken, scopes: [] })
    expect(await runInProcess(sandbox, ['next'])).toEqual(missingScope(controlScope))
    expect(standIn.requests).toHaveLength(1)
  })
})
