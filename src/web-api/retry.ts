import { setTimeout as sleep } from 'node:timers/promises'
import { SpotifyAuthError } from '../errors.ts'

const waitMs = 1_000

/** Asks once more after a second when Spotify failed, or its answer did not arrive; for requests that change nothing. */
export async function retrying<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const mayPass =
      error instanceof SpotifyAuthError && (error.code === 'unavailable' || error.code === 'network')
    if (!mayPass) throw error
  }
  await sleep(waitMs)
  return ask()
}
