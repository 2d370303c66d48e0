import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { printableJson } from '../untrusted/sanitize.ts'
import { controlPlayer, requireControl } from '../web-api/player.ts'
import { requirePlayer } from './require-player.ts'

const words = ['on', 'off', 'toggle'] as const

export const shuffleCommand: Command<{ json?: boolean }> = {
  name: 'shuffle',
  summary: 'print or set whether the order is random',
  arguments: { '[state]': { describe: words.join(', '), choices: words } },
  flags: {},
  examples: [
    ['spotify-auth shuffle', 'print on or off'],
    ['spotify-auth shuffle toggle', 'for a key'],
  ],
  run: shuffle,
}

async function shuffle(context: Context, options: { json?: boolean }, word?: string): Promise<void> {
  if (word === undefined) {
    const { isShuffled } = await requirePlayer(context)
    const text = options.json ? printableJson({ shuffle: isShuffled }) : onOrOff(isShuffled)
    return context.stdout.write(`${text}\n`)
  }
  const wanted = words.find((each) => each === word)
  if (!wanted) {
    throw new SpotifyAuthError('usage', 'That is no way to shuffle.', { hint: `It is ${words.join(', ')}.` })
  }
  await requireControl(context)
  const state = wanted === 'toggle' ? !(await requirePlayer(context)).isShuffled : wanted === 'on'
  await controlPlayer(context, 'PUT /me/player/shuffle', { state: `${state}` })
}

function onOrOff(isOn: boolean): string {
  return isOn ? 'on' : 'off'
}
