import type { Context } from '../context.ts'
import { find } from '../player/find.ts'
import { withProgressLine } from '../terminal/progress-line.ts'
import { albumsOf, type ItemType, tracksOf } from '../web-api/catalogue.ts'
import { type Command, pickFlag } from './command.ts'
import { type ListOptions, listFlags, listItems } from './list-items.ts'

interface BelowOptions extends ListOptions {
  pick?: boolean
}

export const albumsCommand: Command<BelowOptions> = {
  name: 'albums',
  summary: 'list the albums of an artist',
  ...listBelow('artist', 'albums', albumsOf, 50),
  examples: [
    ['spotify-auth albums claude debussy', 'of the artist who fits best'],
    ['spotify-auth albums spotify:artist:1Kr9uZdWq3Yh6oPtNf5BxA --ids', 'for a script'],
  ],
}

export const tracksCommand: Command<BelowOptions> = {
  name: 'tracks',
  summary: 'list the tracks of an album',
  ...listBelow('album', 'tracks', tracksOf, 500),
  examples: [
    ['spotify-auth tracks suite bergamasque', 'of the album that fits best'],
    ['spotify-auth tracks spotify:album:6tJw2CkQe8Vn4gXsRy0MhU --ids', 'for a script'],
  ],
}

/** A command that lists what is below an artist or an album. */
function listBelow(above: ItemType, things: string, list: typeof albumsOf, most: number) {
  return {
    arguments: { [`<${above}...>`]: 'a Spotify URI, link or id, or words: then the best match' },
    flags: {
      ...listFlags,
      limit: { ...listFlags.limit, describe: `list no more than that (default: ${most})` },
      ...pickFlag,
    },
    async run(context: Context, options: BelowOptions, ...words: string[]) {
      const { id } = await find(context, words, [above], options)
      const { limit = most } = options
      const items = await withProgressLine(context.stderr, things, (tell) => list(context, id, limit, tell))
      return listItems(context, items, options)
    },
  }
}
