import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'

/** A page names as the next one that was read before: who follows it never comes to an end. */
export function circle(next: string): SpotifyAuthError {
  return new SpotifyAuthError(
    'api_error',
    `Spotify's pages go in a circle: after this one comes ${sanitize(next)} again.`,
  )
}
