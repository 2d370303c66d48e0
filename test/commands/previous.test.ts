import { describe } from 'vitest'
import {
  controlScope,
  itIsOneSilentRequest,
  itMakesNowPlayingAskAgain,
  itNeedsScope,
  itSaysThatThereIsNothingMore,
  itSaysWhyThePlayerRefuses,
} from '../support/player-command.ts'

describe.concurrent('previous', () => {
  itIsOneSilentRequest('previous', 'POST /v1/me/player/previous')
  itMakesNowPlayingAskAgain('previous')
  itSaysThatThereIsNothingMore('previous', 'NO_PREV_TRACK', 'There is no previous track.\n')
  itSaysWhyThePlayerRefuses('previous')
  itNeedsScope(controlScope, 'previous')
})
