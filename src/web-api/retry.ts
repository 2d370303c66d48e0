import { setTimeout as sleep } from 'node:timers/promises'
import { SpotifyAuthError } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'

const waitMs = 1_000

/** Asks once more after a second when Spotify failed, or its answer did not arrive; for requests that change nothing. */
export async function retrying(ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    const answer = await ask()
    if (answer.status < 500) return answer
  } catch (error) {
    if (!(error instanceof SpotifyAuthError) || error.code !== 'network') throw error
  }
  await sleep(waitMs)
  return ask()
}
