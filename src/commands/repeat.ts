import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { printableJson } from '../untrusted/sanitize.ts'
import { controlPlayer, repeats } from '../web-api/player.ts'
import { requirePlayer } from './require-player.ts'

export const repeatCommand: Command<{ json?: boolean }> = {
  name: 'repeat',
  summary: 'print or set what is played again and again',
  arguments: {
    '[what]': { describe: 'off, track, or context: the album, playlist or artist', choices: repeats },
  },
  flags: {},
  examples: [
    ['spotify-auth repeat', 'print off, track or context'],
    ['spotify-auth repeat track', 'this track again and again'],
  ],
  run: repeat,
}

async function repeat(context: Context, options: { json?: boolean }, word?: string): Promise<void> {
  if (word === undefined) {
    const { repeat } = await requirePlayer(context)
    return context.stdout.write(`${options.json ? printableJson({ repeat }) : repeat}\n`)
  }
  const wanted = repeats.find((each) => each === word)
  if (!wanted) {
    throw new SpotifyAuthError('usage', 'That cannot be repeated.', { hint: `It is ${repeats.join(', ')}.` })
  }
  await controlPlayer(context, 'PUT /me/player/repeat', { state: wanted })
}
