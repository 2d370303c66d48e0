import type { Context } from '../context.ts'
import { codeOf, SpotifyAuthError } from '../errors.ts'
import { leftOf, nextPause } from '../network/limit-memory.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { askSpotify } from './ask-for-all.ts'
import type { CachedPlayback } from './playback-cache.ts'

type Needs = WebApi & Pick<Context, 'profile' | 'limitMemory'>

const firstPauseMs = 3_000
const longestPauseMs = 60_000

/**
 * Asks Spotify what is playing, unless that has just failed for another watch; each pause is twice as long as the one
 * before. The signal ends a request, but not a refresh of the token; its reason is then thrown.
 */
export async function askWithPauses(
  needs: Needs,
  before: CachedPlayback | undefined,
  signal: AbortSignal,
): Promise<CachedPlayback> {
  const { profile, limitMemory, now } = needs
  const name = `${profile}.now-playing`
  const pause = limitMemory.get(name)
  if (leftOf(pause, now()) > 0) {
    throw new SpotifyAuthError('unavailable', 'Spotify did not answer another command a moment ago.')
  }
  try {
    const answer = await askSpotify(endingWith(signal, needs), before)
    if (pause) await limitMemory.delete(name)
    return answer
  } catch (error) {
    if (codeOf(error) === 'network' || codeOf(error) === 'unavailable') {
      await limitMemory.set(name, nextPause(pause, now(), firstPauseMs, longestPauseMs))
    }
    throw error
  }
}

/** The same Web API, with requests that end with the signal. */
function endingWith(signal: AbortSignal, api: WebApi): WebApi {
  const { apiUrl, limits, credentials, now, commandLine } = api
  const request: WebApi['request'] = (url, what) => api.request(url, { ...what, signal })
  return { apiUrl, request, limits, credentials, now, commandLine }
}
