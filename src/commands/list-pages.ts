import type { Flags } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { withProgressLine } from '../terminal/progress-line.ts'
import type { Item } from '../web-api/catalogue.ts'
import type { Progress } from '../web-api/pages.ts'
import { type ListOptions, listFlags, listItems } from './list-items.ts'

/** The flags of a list that ends by itself after `most` items. */
export function flagsUpTo(most: number): Flags {
  return {
    ...listFlags,
    limit: { ...listFlags.limit, describe: `list no more than that (default: ${most})` },
  }
}

/** Lists and prints, with a line that tells how far it is; says on a terminal that the list was cut, or is empty. */
export async function listPages(
  context: Context,
  options: ListOptions,
  { things, most }: { things: string; most: number },
  list: (limit: number, tell: Progress) => Promise<Item[]>,
): Promise<void> {
  const { stdout, stderr } = context
  const { limit = most } = options
  let all = 0
  const items = await withProgressLine(stderr, things, (tell) =>
    list(limit, (found, total) => {
      all = total
      tell(found, Math.min(limit, total))
    }),
  )
  await listItems(context, items, options)
  if (!stdout.isTerminal) return
  // What may not be shown counts as well: fewer than all are not always more with a larger limit.
  if (limit < all) stderr.write(`${items.length} of ${all}; more with --limit.\n`)
  else if (items.length === 0) stderr.write(`There are no ${things}.\n`)
}
