import { withProgressLine } from '../terminal/progress-line.ts'
import { prompt } from '../terminal/prompt.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { type Item, listAlbums, listTracks, search } from '../web-api/catalogue.ts'
import type { Playable } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { type Option, pick, type Terminal } from './pick.ts'

type Needs = WebApi & Terminal

/** The most items that are loaded for one question. */
const longest = 200

/** What the user wants to hear: something, or what was playing before. */
export interface Wish {
  what?: Playable
}

/** Asks for an artist, then for an album, then for a track, with Esc back by one step; undefined when the user leaves. */
export function walk(needs: Needs): Promise<Wish | undefined> {
  return step(
    () => ask(needs, 'Artist (Enter alone goes on playing)'),
    async (words) => {
      if (words === '') return {}
      const artists = await search(needs, words, ['artist'], 10)
      if (artists.length === 0) needs.stderr.write('Spotify knows no artist of that name.\n')
      return step(
        () => pick(needs, 'Which artist', artists.map(optionOf)),
        (artist) => walkAlbums(needs, artist),
      )
    },
  )
}

async function walkAlbums(needs: Needs, artist: Item): Promise<Wish | undefined> {
  const albums = await withProgressLine(needs.stderr, 'albums', (tell) =>
    listAlbums(needs, artist.id, longest, tell),
  )
  if (albums.length === 0) needs.stderr.write(`Spotify has no albums of ${sanitize(artist.name)}.\n`)
  return step(
    () => pick(needs, 'Album', albums.map(withYear)),
    (album) => walkTracks(needs, album),
  )
}

async function walkTracks(needs: Needs, album: Item): Promise<Wish | undefined> {
  const tracks = await withProgressLine(needs.stderr, 'tracks', (tell) =>
    listTracks(needs, album.id, longest, tell),
  )
  return step(
    () => pick(needs, 'Track', [{ value: album, label: 'The whole album' }, ...tracks.map(optionOf)]),
    async (item) => ({
      what: { context_uri: album.uri, ...(item !== album && { offset: { uri: item.uri } }) },
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

async function ask(needs: Needs, message: string): Promise<string | undefined> {
  const { text } = await import('@clack/prompts')
  const answer = await prompt(needs, (terminal) => text({ message, ...terminal }))
  return answer?.trim()
}
