import { SpotifyAuthError } from '../errors.ts'

/**
 * Sends so many of the URIs at a time, at most `most`, one request after the other; returns what the requests did.
 * Where one fails after others, the error says how many URIs those had, because that stays done.
 */
export async function inBatches<T>(
  uris: readonly string[],
  most: number,
  send: (some: string[]) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  for (let sent = 0; sent < uris.length; sent += most) {
    try {
      results.push(await send(uris.slice(sent, sent + most)))
    } catch (error) {
      if (sent === 0 || !(error instanceof SpotifyAuthError)) throw error
      const { code, message, hint, reason } = error
      const done = `The first ${sent} of ${uris.length} are done.`
      throw new SpotifyAuthError(code, `${message} ${done}`, { hint, reason, cause: error })
    }
  }
  return results
}
