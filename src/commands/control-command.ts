import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { type Change, changePlayback } from '../now-playing/playback-cache-changes.ts'

interface ControlCommand<Options> extends Omit<Command<Options>, 'run'> {
  /** What has become of the playback, where the command knows without asking Spotify. */
  run(context: Context, options: Options, ...args: string[]): Promise<Change | undefined> | Promise<void>
}

/** Wraps a command that changes what plays: status bars see it at once. */
export function controlCommand<Options>(command: ControlCommand<Options>): Command<Options> {
  return {
    ...command,
    async run(context, options, ...args) {
      const change = await command.run(context, options, ...args)
      await changePlayback(context, change || undefined)
    },
  }
}
