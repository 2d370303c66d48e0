import type { Command } from '../command-line/command.ts'
import { inList } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { withProgressLine } from '../terminal/progress-line.ts'
import { type ItemType, itemTypes, search } from '../web-api/catalogue.ts'
import { type ListOptions, listFlags, listItems } from './list-items.ts'

interface SearchOptions extends ListOptions {
  type?: ItemType[]
}

export const searchCommand: Command<SearchOptions> = {
  name: 'search',
  summary: 'find artists, albums, tracks and more',
  arguments: {
    '<query...>': { describe: 'words, also with filters of Spotify’s such as year:2019', choices: null },
  },
  flags: {
    type: {
      value: 'TYPES',
      describe: `what to find: ${itemTypes.join(', ')} (default: the first three)`,
      choices: inList(itemTypes),
      parse: readTypes,
    },
    ...listFlags,
    limit: { ...listFlags.limit, describe: 'find no more than that of each type (default: 5)' },
  },
  examples: [
    ['spotify-auth search clair de lune', 'artists, albums and tracks'],
    ['spotify-auth search debussy --type album --limit 30', 'albums only'],
    [
      'spotify-auth search nocturne --type track --ids | head -1 | xargs -r spotify-auth play',
      'play the first one',
    ],
  ],
  run: searchFor,
}

async function searchFor(context: Context, options: SearchOptions, ...words: string[]): Promise<void> {
  const { type = ['artist', 'album', 'track'], limit = 5 } = options
  if (words.join('').trim() === '') throw new SpotifyAuthError('usage', 'Say what to look for.')
  const items = await withProgressLine(context.stderr, 'found', (tell) =>
    search(context, words.join(' '), type, limit, tell),
  )
  if (items.length === 0) {
    throw new SpotifyAuthError('not_found', 'Spotify found nothing.', {
      hint: 'Try fewer words, or more types with --type.',
    })
  }
  return listItems(context, items, options)
}

function readTypes(text: string): ItemType[] {
  const words = text.split(/[\s,]+/).filter(Boolean)
  const types = words.flatMap((word) => itemTypes.find((type) => type === word) ?? [])
  if (types.length === words.length && types.length > 0) return [...new Set(types)]
  throw new SpotifyAuthError('usage', 'Spotify has nothing of that type.', {
    hint: `--type takes ${itemTypes.join(', ')}, several with commas.`,
  })
}
