import { type Command, type CommandGroup, globalFlags, readOptions } from './commands/command.ts'
import { nowPlayingCommand } from './commands/now-playing.ts'
import { tokenCommand } from './commands/token.ts'
import { createContext } from './context.ts'

/** Every command, loaded when it is asked for, except for the two that are asked for all day. */
const commands: Record<string, () => Promise<Command | CommandGroup>> = {
  login: async () => (await import('./commands/login.ts')).loginCommand,
  logout: async () => (await import('./commands/logout.ts')).logoutCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  token: async () => tokenCommand,
  'now-playing': async () => nowPlayingCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  albums: async () => (await import('./commands/catalogue.ts')).albumsCommand,
  tracks: async () => (await import('./commands/catalogue.ts')).tracksCommand,
  play: async () => (await import('./commands/play.ts')).playCommand,
  pause: async () => (await import('./commands/player.ts')).pauseCommand,
  next: async () => (await import('./commands/player.ts')).nextCommand,
  previous: async () => (await import('./commands/player.ts')).previousCommand,
  seek: async () => (await import('./commands/player.ts')).seekCommand,
  volume: async () => (await import('./commands/player.ts')).volumeCommand,
  queue: async () => (await import('./commands/queue.ts')).queueCommand,
  devices: async () => (await import('./commands/devices.ts')).devicesCommand,
  api: async () => (await import('./commands/api.ts')).apiCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
}

/** The commands that scripts and status bars call all day: they do not wait for commander. */
const hotCommands = new Set(['token', 'now-playing'])

/** Runs one command line; throws what goes wrong. */
export async function run(argv: string[], process: NodeJS.Process): Promise<void> {
  const name = argv[0] ?? ''
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load && hotCommands.has(name)) {
    const command = (await load()) as Command
    const options = parseQuickly(command, argv.slice(1))
    if (options) return command.run(createContext(process, options), options as never)
  }
  // What the completion scripts call.
  if (name === '__complete') {
    const { printCompletion } = await import('./complete.ts')
    const all = await Promise.all(Object.values(commands).map((each) => each()))
    return printCompletion(all, argv.slice(1), createContext(process, {}))
  }
  const loading = load ? [load()] : Object.values(commands).map((each) => each())
  const { runCommander } = await import('./command-tree.ts')
  return runCommander(await Promise.all(loading), argv, process)
}

/**
 * The options of a plain command line; undefined for whatever is unusual, which commander then answers.
 * Node's `parseArgs` would do the same; to load it takes 3 to 5 % of a start.
 */
function parseQuickly(command: Command, args: string[]): Record<string, unknown> | undefined {
  const flags = { ...globalFlags, ...command.flags }
  const found: Record<string, unknown> = {}
  for (let at = 0; at < args.length; at++) {
    const [, name = '', inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[at] ?? '') ?? []
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    const isSwitch = flag?.value === undefined
    const value = inline ?? (isSwitch ? undefined : args[++at])
    const isPlain = isSwitch ? value === undefined : inline !== undefined || value?.startsWith('-') === false
    if (!flag || flag.multiple || !isPlain) return undefined
    found[name] = isSwitch || value
  }
  return readOptions(flags, found)
}
