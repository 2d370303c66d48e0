import { codeOf, SpotifyAuthError } from '../errors.ts'
import { withProgressLine } from '../terminal/progress-line.ts'
import { prompt } from '../terminal/prompt.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { type Item, listAlbums, listTracks, search } from '../web-api/catalogue.ts'
import type { Playable } from '../web-api/player.ts'
import { listPlaylistItems, listPlaylists } from '../web-api/playlists.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { fold } from './fold.ts'
import { type Option, pick, type Terminal } from './pick.ts'

type Needs = WebApi & Terminal

/** The most items that are loaded for one question. */
const longest = 200

/** What the user wants to hear: something, or what was playing before. */
export interface Wish {
  what?: Playable
}

/**
 * Asks for an artist, then for an album, then for a track, or for a playlist of the user's and then for a track, with
 * Esc back by one step; undefined when the user leaves.
 */
export async function walk(needs: Needs): Promise<Wish | undefined> {
  const playlists = await loadPlaylists(needs)
  return step(
    () => askForBeginning(needs, playlists),
    async (chosen) => {
      if (typeof chosen !== 'string') return walkPlaylist(needs, chosen)
      return chosen === '' ? {} : walkArtists(needs, chosen)
    },
  )
}

/** The user's playlists; none where they cannot be had, because an artist is found without them. */
async function loadPlaylists(needs: Needs): Promise<Item[]> {
  try {
    return await withProgressLine(needs.stderr, 'playlists', (tell) => listPlaylists(needs, longest, tell))
  } catch (error) {
    if (!(error instanceof SpotifyAuthError)) throw error
    // Who has not allowed it knows that.
    if (error.code !== 'missing_scope') needs.stderr.write(`Without your playlists: ${error.message}\n`)
    return []
  }
}

async function walkArtists(needs: Needs, words: string): Promise<Wish | undefined> {
  const artists = await search(needs, words, ['artist'], 10)
  if (artists.length === 0) needs.stderr.write('Spotify knows no artist of that name.\n')
  return step(
    () => pick(needs, 'Which artist', artists.map(optionOf)),
    (artist) => walkAlbums(needs, artist),
  )
}

async function walkAlbums(needs: Needs, artist: Item): Promise<Wish | undefined> {
  const albums = await withProgressLine(needs.stderr, 'albums', (tell) =>
    listAlbums(needs, artist.id, longest, tell),
  )
  if (albums.length === 0) needs.stderr.write(`Spotify has no albums of ${sanitize(artist.name)}.\n`)
  return step(
    () => pick(needs, 'Album', albums.map(withYear)),
    (album) => walkTracks(needs, album, listTracks),
  )
}

async function walkPlaylist(needs: Needs, playlist: Item): Promise<Wish | undefined> {
  try {
    return await walkTracks(needs, playlist, listPlaylistItems)
  } catch (error) {
    // What is in a playlist of somebody else's is not told, but it can be played.
    if (codeOf(error) !== 'forbidden') throw error
    return { what: { context_uri: playlist.uri } }
  }
}

/** Asks for a track of an album or a playlist. */
async function walkTracks(needs: Needs, above: Item, list: typeof listTracks): Promise<Wish | undefined> {
  const tracks = await withProgressLine(needs.stderr, 'tracks', (tell) =>
    list(needs, above.id, longest, tell),
  )
  return step(
    () => pick(needs, 'Track', [{ value: above, label: `The whole ${above.type}` }, ...tracks.map(optionOf)]),
    async (item) => ({
      what: { context_uri: above.uri, ...(item !== above && { offset: { uri: item.uri } }) },
    }),
  )
}

/** Asks, then goes on with what was chosen; asks again when the user goes back to here. Undefined when the user goes back from here. */
async function step<Chosen, Result>(
  choose: () => Promise<Chosen | undefined>,
  next: (chosen: Chosen) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  for (;;) {
    const chosen = await choose()
    const result = chosen === undefined ? undefined : await next(chosen)
    if (chosen === undefined || result !== undefined) return result
  }
}

function optionOf(item: Item): Option {
  return { value: item, label: sanitize(item.name) }
}

function withYear(album: Item): Option {
  const year = album.releaseDate?.slice(0, 4)
  return { value: album, label: sanitize(year ? `${album.name} (${year})` : album.name) }
}

/** Asks where to begin: the words that are typed, or one of the playlists, which they narrow. */
async function askForBeginning(needs: Needs, playlists: Item[]): Promise<string | Item | undefined> {
  const { autocomplete } = await import('@clack/prompts')
  let words = ''
  const byWords = () => (words ? `Artists called "${words}"` : 'Go on playing')
  const chosen = await prompt(needs, (terminal) =>
    autocomplete<Item | 'words'>({
      message: playlists.length > 0 ? 'Artist or playlist' : 'Artist',
      options() {
        words = sanitize(this.userInput).trim()
        return [{ value: 'words' as const, label: byWords() }, ...playlists.map(optionOf)]
      },
      filter: (typed, { value }) => value === 'words' || has(value.name, typed),
      maxItems: 10,
      ...terminal,
    }),
  )
  return chosen === 'words' ? words : chosen
}

function has(name: string, typed: string): boolean {
  return fold(name).includes(fold(typed))
}
