import { SpotifyAuthError } from '../errors.ts'
import { counted } from '../terminal/counted.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import type { ItemType } from '../web-api/catalogue.ts'
import { getCurrentlyPlaying, type Playback } from '../web-api/playback.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { readNamed } from './find.ts'
import { labelOf } from './label.ts'
import { readReference } from './reference.ts'

/** What a command is about. */
export interface Chosen {
  uris: string[]
  /** What it is, or how many they are, in one line. */
  label: string
}

/**
 * What the words name, each of them a URI, link or id; without words what is playing, or paused. Throws `usage` for any
 * other word, `nothing_playing`, and `forbidden` for what has no place of its own at Spotify.
 */
export async function namedOrPlaying(
  api: WebApi,
  words: string[],
  types: readonly [ItemType, ...ItemType[]],
  requireChange: (api: WebApi) => Promise<void>,
): Promise<Chosen> {
  const uris = words.map((word) => readWord(word.trim(), types))
  await requireChange(api)
  if (uris.length > 0) return { uris, label: uris.length === 1 ? `${uris[0]}` : counted(uris.length, 'item') }
  const playback = await getCurrentlyPlaying(api)
  if (!playback) {
    throw new SpotifyAuthError('nothing_playing', 'Nothing is playing.', {
      hint: 'Name something, by its Spotify URI, link or id.',
    })
  }
  const { type, uri, title, artists, show } = playback
  const named = readReference(uri ?? '', 'track')
  if (named)
    return { uris: [named.uri], label: labelOf({ ...named, name: title ?? named.uri, artists, owner: show }) }
  throw new SpotifyAuthError('forbidden', whyNot(type, uri))
}

function readWord(word: string, types: readonly [ItemType, ...ItemType[]]): string {
  // Lists of a playlist's tracks have these, too.
  if (!word.startsWith('spotify:local:')) return readNamed(word, types).uri
  throw new SpotifyAuthError('forbidden', `${sanitize(word)} is a local file, which Spotify cannot keep.`)
}

function whyNot(type: Playback['type'], uri: string | null): string {
  if (type === 'ad') return 'An advertisement is playing, which cannot be kept.'
  return uri ? 'A local file is playing, which Spotify cannot keep.' : 'Spotify does not say what is playing.'
}
