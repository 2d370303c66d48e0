import { find } from '../choose/find.ts'
import { readReference } from '../choose/reference.ts'
import type { Command } from '../command-line/command.ts'
import { type PickOptions, pickFlag } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { controlPlayer, listQueue, requireControl } from '../web-api/player.ts'
import { type ListOptions, listFlags, listItems } from './list-items.ts'

type QueueOptions = ListOptions & PickOptions

export const queueCommand: Command<QueueOptions> = {
  name: 'queue',
  summary: 'list what comes next, or add to it',
  arguments: {
    '[what...]': {
      describe: 'a track or an episode: a Spotify URI, link or id, or words: then the best match',
      choices: null,
    },
  },
  flags: { ...listFlags, ...pickFlag },
  examples: [
    ['spotify-auth queue', 'what comes next'],
    ['spotify-auth queue clair de lune', 'play it next'],
  ],
  run: queue,
}

async function queue(context: Context, options: QueueOptions, ...words: string[]): Promise<void> {
  if (words.length > 0 || options.pick) {
    await requireControl(context)
    const areNamed = words.length > 1 && words.every((word) => readReference(word, 'track'))
    for (const what of areNamed ? words.map((word) => [word]) : [words]) {
      const { uri } = await find(context, what, ['track', 'episode'], options)
      await controlPlayer(context, 'POST /me/player/queue', { uri })
    }
    return
  }
  const next = await listQueue(context)
  if (next.length === 0 && !options.json) context.stderr.write('Nothing comes next.\n')
  else await listItems(context, next.slice(0, options.limit), options)
}
