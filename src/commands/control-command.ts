import type { Command } from '../command-line/command.ts'
import { forgetPlayback } from '../now-playing/playback-cache.ts'

/** Wraps a command that changes what plays: it empties the shared cache afterwards, so that status bars ask Spotify again. */
export function controlCommand<Options>(command: Command<Options>): Command<Options> {
  return {
    ...command,
    async run(context, options, ...args) {
      await command.run(context, options, ...args)
      forgetPlayback(context)
    },
  }
}
