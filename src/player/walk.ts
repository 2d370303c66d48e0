import { Interrupted, SpotifyAuthError } from '../errors.ts'
import { withProgressLine } from '../terminal/progress-line.ts'
import { canAsk, prompt } from '../terminal/prompt.ts'
import { sanitize } from '../terminal/sanitize.ts'
import { albumsOf, type Item, search, tracksOf } from '../web-api/catalogue.ts'
import type { Playable } from '../web-api/player.ts'
import type { World } from './find.ts'
import { labelOf } from './label.ts'

/** Lists longer than this are cut; typing narrows them. */
const longest = 200

/** What the user wants to hear: something, or what was playing before. */
export interface Wish {
  what?: Playable
}

/** From an artist to an album to a track, with Esc back by one step; undefined when the user leaves. */
export function walk(world: World): Promise<Wish | undefined> {
  return step(
    () => ask(world, 'Artist (Enter alone goes on playing)'),
    async (words) => {
      if (words === '') return {}
      const artists = await search(world, words, ['artist'], 10)
      if (artists.length === 0) world.stderr.write('Spotify knows no artist of that name.\n')
      return step(
        () => choose(world, 'Which artist', artists.map(optionOf)),
        (artist) => walkAlbums(world, artist),
      )
    },
  )
}

async function walkAlbums(world: World, artist: Item): Promise<Wish | undefined> {
  const albums = await withProgressLine(world.stderr, 'albums', (tell) =>
    albumsOf(world, artist.id, longest, tell),
  )
  if (albums.length === 0) world.stderr.write(`Spotify has no albums of ${sanitize(artist.name)}.\n`)
  return step(
    () => choose(world, 'Album', albums.map(withYear)),
    (album) => walkTracks(world, album),
  )
}

async function walkTracks(world: World, album: Item): Promise<Wish | undefined> {
  const tracks = await withProgressLine(world.stderr, 'tracks', (tell) =>
    tracksOf(world, album.id, longest, tell),
  )
  return step(
    () => choose(world, 'Track', [{ value: album, label: 'The whole album' }, ...tracks.map(optionOf)]),
    async (item) => ({
      what: { context_uri: album.uri, ...(item !== album && { offset: { uri: item.uri } }) },
    }),
  )
}

/** Asks for one of what was found; throws `Interrupted` when the user does not want any. */
export async function pickOne(world: World, items: Item[]): Promise<Item> {
  const options = items.map((item) => ({ value: item, label: labelOf(item) }))
  const item = await choose(world, 'Which one', options, 'leave')
  if (item) return item
  throw new Interrupted('SIGINT')
}

/** Chooses, and goes on with what was chosen; back from there, chooses again. Undefined for back from here. */
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

interface Option {
  value: Item
  label: string
}

function optionOf(item: Item): Option {
  return { value: item, label: sanitize(item.name) }
}

function withYear(album: Item): Option {
  const year = album.releaseDate?.slice(0, 4)
  return { value: album, label: sanitize(year ? `${album.name} (${year})` : album.name) }
}

async function choose(
  world: World,
  message: string,
  options: Option[],
  escapeTo = 'go back',
): Promise<Item | undefined> {
  if (options.length === 0) return undefined
  const { autocomplete } = await import('@clack/prompts')
  return prompt(world, (terminal) =>
    autocomplete<Item>({
      message,
      options,
      placeholder: `type to narrow, Esc to ${escapeTo}`,
      maxItems: 10,
      validate: (item) => (item ? undefined : 'Nothing fits.'),
      ...terminal,
    }),
  )
}

async function ask(world: World, message: string): Promise<string | undefined> {
  const { text } = await import('@clack/prompts')
  const answer = await prompt(world, (terminal) => text({ message, ...terminal }))
  return answer?.trim()
}

/** Throws `usage` where nobody can be asked. */
export function requireTerminal(world: World): void {
  if (canAsk(world)) return
  throw new SpotifyAuthError('usage', 'There is no terminal to ask on.', { hint: 'Leave out --pick.' })
}
