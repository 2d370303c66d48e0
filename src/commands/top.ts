import type { Command } from '../command-line/command.ts'
import { SpotifyAuthError } from '../errors.ts'
import { listTop, ranges } from '../web-api/history.ts'
import type { ListOptions } from './list-items.ts'
import { flagsUpTo, listPages } from './list-pages.ts'

const most = 20
const lists = ['tracks', 'artists'] as const

interface TopOptions extends ListOptions {
  range?: (typeof ranges)[number]
}

export const topCommand: Command<TopOptions> = {
  name: 'top',
  summary: 'list what you hear most',
  arguments: { '[what]': { describe: `${lists.join(' or ')} (default: ${lists[0]})`, choices: lists } },
  flags: {
    range: {
      value: 'RANGE',
      describe: 'short, medium or long: the last 4 weeks, 6 months or year (default: medium)',
      choices: ranges,
      parse: (text, flag) => oneOf(ranges, text, `--${flag}`),
    },
    ...flagsUpTo(most),
  },
  examples: [
    ['spotify-auth top', 'the tracks of the last six months'],
    ['spotify-auth top artists --range short', 'the artists of the last four weeks'],
    ['spotify-auth top --ids | xargs -r spotify-auth playlist add "My best" --create', 'as a playlist'],
  ],
  async run(context, options, what: string = lists[0]) {
    const list = oneOf(lists, what, 'top')
    await listPages(context, options, { things: list, most }, (limit, tell) =>
      listTop(context, list, options.range ?? 'medium', limit, tell),
    )
  },
}

function oneOf<Word extends string>(words: readonly Word[], text: string, of: string): Word {
  const word = words.find((each) => each === text)
  if (word) return word
  throw new SpotifyAuthError('usage', `${of} takes ${words.slice(0, -1).join(', ')} or ${words.at(-1)}.`)
}
