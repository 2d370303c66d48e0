import type { Command } from '../command-line/command.ts'
import { forgetPlayback } from '../now-playing/playback-cache.ts'

/** Makes a command of one that changes what plays: status bars then ask again instead of showing what played before. */
export function controlCommand<Options>(command: Command<Options>): Command<Options> {
  return {
    ...command,
    async run(context, options, ...args) {
      await command.run(context, options, ...args)
      forgetPlayback(context)
    },
  }
}
