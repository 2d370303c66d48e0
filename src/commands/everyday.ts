import type { Command } from '../command-line/command.ts'
import { parsePlainLine } from '../command-line/plain-line.ts'
import { createContext } from '../context.ts'
import { nowPlayingCommand } from './now-playing.ts'
import { tokenCommand } from './token.ts'

/** The commands that scripts and status bars run all day. */
const commands: Command[] = [tokenCommand, nowPlayingCommand]

/**
 * Runs a plain line of one of these commands, without loading what any other line needs; says whether it was one.
 * Throws what goes wrong.
 */
export async function runEveryday([name, ...args]: string[], process: NodeJS.Process): Promise<boolean> {
  const command = commands.find((each) => each.name === name)
  const options = command && parsePlainLine(command, args)
  if (!options) return false
  await command.run(createContext(process, options), options as never)
  return true
}
