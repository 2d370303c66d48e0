import type { Context } from '../context.ts'
import { renderCard, renderJson, renderLine } from '../now-playing/render.ts'
import { currentlyPlaying } from '../web-api/playback.ts'
import { type Command, jsonFlag } from './command.ts'

interface NowPlayingOptions {
  json?: boolean
}

export const nowPlayingCommand: Command<NowPlayingOptions> = {
  name: 'now-playing',
  summary: 'print what is playing',
  details:
    'A few lines with a progress bar in a terminal, one plain line in a pipe, nothing when nothing plays.',
  flags: jsonFlag,
  examples: [
    ['spotify-auth now-playing', 'what is playing'],
    ['spotify-auth now-playing --json | jq -r .album', 'one field of it'],
  ],
  run: nowPlaying,
}

async function nowPlaying(context: Context, options: NowPlayingOptions): Promise<void> {
  const { stdout, stderr } = context
  const playback = await currentlyPlaying(context)
  if (options.json) {
    stdout.write(`${renderJson(playback)}\n`)
  } else if (!playback) {
    if (stdout.isTerminal) stderr.write('Nothing is playing.\n')
  } else if (stdout.isTerminal) {
    const { openStyle } = await import('../terminal/style.ts')
    stdout.write(`${renderCard(playback, await openStyle(context), stdout.columns)}\n`)
  } else {
    stdout.write(`${renderLine(playback)}\n`)
  }
}
