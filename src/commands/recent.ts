import type { Command } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/flags.ts'
import { listRecentlyPlayed, most } from '../web-api/history.ts'
import { type ListOptions, listFlags, listItems } from './list-items.ts'

const usual = 20

export const recentCommand: Command<ListOptions> = {
  name: 'recent',
  summary: 'list what was played last, the latest first',
  details: `Spotify tells no more than ${most} tracks, and no podcasts.`,
  flags: {
    ...listFlags,
    limit: {
      value: 'N',
      describe: `list no more than that: 1 to ${most} (default: ${usual})`,
      parse: wholeNumber(1, most),
    },
  },
  examples: [
    ['spotify-auth recent', 'what was played last'],
    ['spotify-auth recent --limit 1 --ids | xargs -r spotify-auth like', 'save the latest'],
  ],
  async run(context, options) {
    const items = await listRecentlyPlayed(context, options.limit ?? usual)
    if (items.length === 0 && !options.json) context.stderr.write('Nothing has been played lately.\n')
    else await listItems(context, items, options)
  },
}
