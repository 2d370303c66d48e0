import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'

/** The error for a page whose next page was read before: following it would never end. */
export function circle(next: string): SpotifyAuthError {
  return new SpotifyAuthError(
    'api_error',
    `Spotify's pages go in a circle: after this one comes ${sanitize(next)} again.`,
  )
}
