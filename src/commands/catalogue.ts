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

/** In a terminal a list that is cut, or empty, says so. */
function tellOfMore({ stdout, stderr }: Context, shown: number, all: number, things: string): void {
  if (!stdout.isTerminal) return
  if (all === 0) stderr.write(`There are no ${things}.\n`)
  else if (shown < all) stderr.write(`${shown} of ${all}; more with --limit.\n`)
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
      let all = 0
      const items = await withProgressLine(context.stderr, things, (tell) =>
        list(context, id, limit, (found, total) => {
          all = total
          tell(found, Math.min(limit, total))
        }),
      )
      await listItems(context, items, options)
      tellOfMore(context, items.length, all, things)
    },
  }
}
