import { Command as Commander, CommanderError, Option } from 'commander'
import { version } from '../../package.json'
import { createContext } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { type Output, openOutput } from '../terminal/output.ts'
import { type Command, type CommandGroup, type Flags, globalFlags, readOptions } from './command.ts'

/**
 * Parses a command line with commander, which also prints the help (to `stdout`) and reports what is wrong, and runs the
 * command.
 */
export async function runCommander(
  commands: (Command | CommandGroup)[],
  argv: string[],
  process: NodeJS.Process,
  stdout: Output = openOutput(1),
): Promise<void> {
  const program = addFlags(new Commander('spotify-auth'), globalFlags)
    .description('Your own Spotify login in the terminal. Start with: spotify-auth login')
    .version(version, '--version', 'print the version')
    .helpCommand(false)
  silence(program, stdout)
  for (const command of commands) program.addCommand(build(command, process, stdout))
  try {
    await program.parseAsync(timesLast(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander throws after it has printed the help for a line without a command.
    if (error.exitCode === 0 || error.code === 'commander.help') return
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\n/g, ' ')
      .replace(/\.$/, '')
    throw new SpotifyAuthError(
      'usage',
      `${message[0]?.toUpperCase()}${message.slice(1)}.`.replace(/\)\.$/, ')'),
      {
        hint: `See: ${[program.name(), ...helpPath(commands, argv)].join(' ')} --help`,
      },
    )
  }
}

/** Moves times such as `-1:30` behind a `--`: commander takes `-10` for a value, but these for options. */
function timesLast(argv: string[]): string[] {
  const isTime = (word: string) => /^-\d+:[\d:]*$/.test(word)
  if (argv.includes('--') || !argv.some(isTime)) return argv
  return [...argv.filter((word) => !isTime(word)), '--', ...argv.filter(isTime)]
}

function build(command: Command | CommandGroup, process: NodeJS.Process, stdout: Output): Commander {
  const node = new Commander(command.name).description(command.summary).helpCommand(false)
  silence(node, stdout)
  if (command.heading) node.helpGroup(`${command.heading}:`)
  if ('commands' in command) {
    for (const each of command.commands) node.addCommand(build(each, process, stdout))
    return addFlags(node, globalFlags)
  }
  // A command may say more of a flag that every command has.
  const flags = { ...globalFlags, ...command.flags }
  if (command.details) node.description(`${command.summary}\n\n${command.details}`).summary(command.summary)
  for (const [notation, { describe }] of Object.entries(command.arguments ?? {}))
    node.argument(notation, describe)
  const width = Math.max(...command.examples.map(([line]) => line.length))
  const examples = command.examples.map(([line, purpose]) => `  ${line.padEnd(width)}  # ${purpose}`)
  return addFlags(node, flags)
    .addHelpText('after', `\nExamples:\n${examples.join('\n')}`)
    .action((...received: unknown[]) => {
      // Commander passes an argument of several words as a list, and a missing one as undefined.
      const args = received
        .slice(0, node.registeredArguments.length)
        .flat()
        .filter((word) => word !== undefined)
      const found = { ...foundFlags(node.parent?.parent), ...foundFlags(node.parent), ...foundFlags(node) }
      const options = readOptions(flags, found)
      return command.run(createContext(process, options), options as never, ...(args as string[]))
    })
}

function addFlags(node: Commander, flags: Flags): Commander {
  for (const [name, { value, describe, multiple, short }] of Object.entries(flags)) {
    const words = `${short ? `-${short}, ` : ''}--${name}`
    const option = new Option(value ? `${words} <${value}>` : words, describe)
    if (multiple) option.argParser((text: string, before: string[] = []) => [...before, text])
    node.addOption(option)
  }
  return node.helpOption('-h, --help', 'print this help')
}

/** The flags that were given on the command line, by name, without defaults. */
function foundFlags(node: Commander | null | undefined): Record<string, unknown> {
  const given = (node?.options ?? []).filter(
    (option) => node?.getOptionValueSource(option.attributeName()) === 'cli',
  )
  return Object.fromEntries(
    given.map((option) => [
      option.long?.replace(/^--/, '') ?? '',
      option.negate ? true : node?.getOptionValue(option.attributeName()),
    ]),
  )
}

/** Keeps commander from ending the process and from printing errors, which `main` does; it still prints the help. */
function silence(node: Commander, { write }: Output): void {
  node.exitOverride().configureOutput({ writeOut: write, writeErr: write, outputError: () => {} })
}

/** The names of the command whose help is of use for a line that could not be parsed. */
function helpPath(commands: (Command | CommandGroup)[], argv: string[]): string[] {
  const command = commands.find(({ name }) => name === argv[0])
  if (!command) return []
  const below = 'commands' in command ? command.commands.find(({ name }) => name === argv[1]) : undefined
  return below ? [command.name, below.name] : [command.name]
}
