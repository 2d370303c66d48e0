import { find } from '../choose/find.ts'
import { pickFlag } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { withProgressLine } from '../terminal/progress-line.ts'
import type { ItemType, listAlbums } from '../web-api/catalogue.ts'
import { type ListOptions, listFlags, listItems } from './list-items.ts'

export interface BelowOptions extends ListOptions {
  pick?: boolean
}

/** Says on a terminal that a list was cut, or that it is empty. */
function tellOfMore(
  { stdout, stderr }: Pick<Context, 'stdout' | 'stderr'>,
  shown: number,
  all: number,
  things: string,
): void {
  if (!stdout.isTerminal) return
  if (all === 0) stderr.write(`There are no ${things}.\n`)
  else if (shown < all) stderr.write(`${shown} of ${all}; more with --limit.\n`)
}

/** The part of a command that lists what is below an artist or an album. */
export function listBelow(above: ItemType, things: string, list: typeof listAlbums, most: number) {
  return {
    arguments: {
      [`<${above}...>`]: {
        describe: 'a Spotify URI, link or id, or words: then the best match',
        choices: null,
      },
    },
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
