import { isLoopbackLiteral } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'

export const defaultRedirectUri = 'http://127.0.0.1:3000/callback'

/**
 * Reads a redirect URI that Spotify accepts and this program can listen on: `http:` on a loopback IP literal.
 * Throws `config` with what to register instead.
 */
export function readRedirectUri(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url?.protocol === 'http:' &&
    isLoopbackLiteral(url.hostname) &&
    !url.search &&
    !url.hash &&
    !url.username
  ) {
    return url
  }
  if (url?.hostname === 'localhost') {
    url.hostname = '127.0.0.1'
    throw new SpotifyAuthError('config', 'Spotify refuses redirect URIs on localhost.', {
      hint: `Register ${url.href} in https://developer.spotify.com/dashboard, and use that one.`,
    })
  }
  throw new SpotifyAuthError('config', 'That is not a redirect URI that can be listened on.', {
    hint: `Use http:// with 127.0.0.1 or [::1], such as ${defaultRedirectUri}, registered exactly so with your app.`,
  })
}

/** The same redirect URI on another port; the rest stays letter by letter, because Spotify compares it so. */
export function withPort(redirectUri: string, port: number): string {
  return redirectUri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d+)?/i, `$1:${port}`)
}
