import { closest, distance } from 'fastest-levenshtein'
import { SpotifyAuthError } from '../errors.ts'

/** Every scope of the Web API (developer.spotify.com/documentation/web-api/concepts/scopes). */
const scopes = [
  'app-remote-control',
  'playlist-modify-private',
  'playlist-modify-public',
  'playlist-read-collaborative',
  'playlist-read-private',
  'streaming',
  'ugc-image-upload',
  'user-follow-modify',
  'user-follow-read',
  'user-library-modify',
  'user-library-read',
  'user-modify-playback-state',
  'user-personalized',
  'user-read-currently-playing',
  'user-read-email',
  'user-read-playback-position',
  'user-read-playback-state',
  'user-read-private',
  'user-read-recently-played',
  'user-top-read',
]

/** Scopes by purpose. */
const sets: Record<string, string[]> = {
  'now-playing': ['user-read-currently-playing'],
  player: ['user-read-currently-playing', 'user-read-playback-state', 'user-modify-playback-state'],
  library: [
    'user-library-read',
    'user-library-modify',
    'playlist-read-private',
    'playlist-read-collaborative',
    'playlist-modify-private',
    'playlist-modify-public',
  ],
  history: ['user-read-recently-played', 'user-top-read'],
  all: scopes,
}

/** Every word that `readScopes` understands. */
export const scopeWords: string[] = [...Object.keys(sets), ...scopes]

/** The word that a login needs for a scope: the set that was made for it, or the scope itself. */
export function wordFor(scope: string): string {
  const [word] = Object.entries(sets).find(([name, its]) => name !== 'all' && its.includes(scope)) ?? [scope]
  return word
}

/** The set that `now-playing` needs, and no more. */
export const defaultScope = 'now-playing'

/**
 * Reads scopes and sets of scopes, separated by commas or spaces, into scopes that each come once.
 * With a `+` in front of any of them, the result begins with the scopes that are `granted` already.
 * Throws `usage` for a scope that Spotify does not have, because one would fail the whole login.
 */
export function readScopes(texts: readonly string[], granted: readonly string[] = []): string[] {
  const words = texts.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean)
  const kept = words.some((word) => word.startsWith('+')) ? granted : []
  return [...new Set([...kept, ...words.flatMap((word) => readWord(word.replace(/^\+/, '')))])]
}

function readWord(word: string): string[] {
  if (Object.hasOwn(sets, word)) return sets[word] ?? []
  if (scopes.includes(word)) return [word]
  const nearest = closest(word, scopeWords)
  const guess = distance(word, nearest) <= word.length / 2 ? `Did you mean ${nearest}? ` : ''
  throw new SpotifyAuthError('usage', `Spotify has no scope of the name ${JSON.stringify(word)}.`, {
    hint: `${guess}Sets of scopes are ${Object.keys(sets).join(', ')}; every scope: https://developer.spotify.com/documentation/web-api/concepts/scopes`,
  })
}
