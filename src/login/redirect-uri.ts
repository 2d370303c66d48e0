import { SpotifyAuthError } from '../errors.ts'
import { isLoopbackLiteral, spotifyAccountsUrl } from '../settings/environment.ts'

export const defaultRedirectUri = 'http://127.0.0.1:3000/callback'

/**
 * Reads a redirect URI: `http:` on a loopback IP literal, which can be listened on (RFC 8252, 7.3), or `https:`,
 * a place of the user's own whose address is then pasted. `localhost` will do for an accounts server that is not
 * Spotify's. Throws `config` with what to register instead.
 */
export function readRedirectUri({ accountsUrl }: { accountsUrl: string }, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && !url.search && !url.hash && !url.username && !url.password) {
    if (url.protocol === 'https:') return url
    const isLoopback = isLoopbackLiteral(url.hostname) || url.hostname === 'localhost'
    if (url.protocol === 'http:' && isLoopback && !loopback.test(text)) {
      throw new SpotifyAuthError('config', 'That spelling of a redirect URI will not be recognized.', {
        hint: `Spotify compares it letter by letter. Write it as ${url.href}, in https://developer.spotify.com/dashboard, too.`,
      })
    }
    if (url.protocol === 'http:' && isLoopbackLiteral(url.hostname)) return url
    if (url.protocol === 'http:' && url.hostname === 'localhost') {
      if (accountsUrl !== spotifyAccountsUrl) return url
      throw new SpotifyAuthError('config', 'Spotify refuses redirect URIs on localhost.', {
        hint: `Register ${text.replace('localhost', '127.0.0.1')} in https://developer.spotify.com/dashboard, and use that one.`,
      })
    }
  }
  throw new SpotifyAuthError('config', 'That is not a redirect URI that Spotify accepts.', {
    hint: `Use http:// with 127.0.0.1 or [::1], such as ${defaultRedirectUri}, registered exactly so with your app.`,
  })
}

/** Whether the program can listen for the callback itself. */
export function isListenable(redirectUri: URL): boolean {
  return redirectUri.protocol === 'http:'
}

const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::(\d+))?(?=\/|$)/i

/** The port that the redirect URI names; undefined where it names none, which stands for any free one. */
export function portOf(redirectUri: string): number | undefined {
  const port = loopback.exec(redirectUri)?.[2]
  return port === undefined ? undefined : Number(port)
}

/**
 * A redirect URI on another port, or without one; the rest stays letter by letter, because Spotify compares it so.
 */
export function withPort(redirectUri: string, port: number | undefined): string {
  return redirectUri.replace(loopback, port === undefined ? '$1' : `$1:${port}`)
}
