import { type Command, type Flags, globalFlags } from '../../src/command-line/command.ts'
import { loadCommands } from '../../src/program.ts'

/** A command as the page and the manual page show it; `name` has the command above it, too: `config get`. */
export interface Entry {
  name: string
  /** The command line: `spotify-auth seek [flags] <position>`. */
  usage: string
  text: string[]
  arguments: [notation: string, describe: string][]
  flags: [words: string, describe: string][]
  examples: Command['examples']
}

/** All commands that `--help` knows, with those below a command one by one. */
export async function readEntries(): Promise<Entry[]> {
  const commands = await loadCommands()
  return commands.flatMap((command) =>
    'commands' in command
      ? command.commands.map((each) => entryOf(`${command.name} ${each.name}`, each))
      : [entryOf(command.name, command)],
  )
}

/** The flags of every command. */
export const everywhere = wordsOf({ ...globalFlags, help: { describe: 'print the help', short: 'h' } })

function entryOf(name: string, { summary, details, arguments: args = {}, flags, examples }: Command): Entry {
  const hasFlags = Object.keys(flags).length > 0
  return {
    name,
    usage: ['spotify-auth', name, hasFlags && '[flags]', ...Object.keys(args)].filter(Boolean).join(' '),
    text: [`${summary[0]?.toUpperCase()}${summary.slice(1)}.`, ...(details ? [details] : [])],
    arguments: Object.entries(args).map(([notation, { describe }]) => [notation, describe]),
    flags: wordsOf(flags),
    examples,
  }
}

function wordsOf(flags: Flags): [string, string][] {
  return Object.entries(flags).map(([name, { short, value, describe }]) => [
    `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
    describe,
  ])
}
