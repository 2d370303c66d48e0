import type { Command, CommandGroup } from './command-line/command.ts'
import { nowPlayingCommand } from './commands/now-playing.ts'
import { tokenCommand } from './commands/token.ts'
import { createContext } from './context.ts'

/** All commands; each is loaded when it is run. */
const commands: Record<string, () => Promise<Command | CommandGroup>> = {
  login: async () => (await import('./commands/login.ts')).loginCommand,
  logout: async () => (await import('./commands/logout.ts')).logoutCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  token: async () => tokenCommand,
  'now-playing': async () => nowPlayingCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  albums: async () => (await import('./commands/albums.ts')).albumsCommand,
  tracks: async () => (await import('./commands/tracks.ts')).tracksCommand,
  play: async () => (await import('./commands/play.ts')).playCommand,
  pause: async () => (await import('./commands/pause.ts')).pauseCommand,
  next: async () => (await import('./commands/next.ts')).nextCommand,
  previous: async () => (await import('./commands/previous.ts')).previousCommand,
  seek: async () => (await import('./commands/seek.ts')).seekCommand,
  volume: async () => (await import('./commands/volume.ts')).volumeCommand,
  queue: async () => (await import('./commands/queue.ts')).queueCommand,
  devices: async () => (await import('./commands/devices.ts')).devicesCommand,
  api: async () => (await import('./commands/api.ts')).apiCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  completion: async () => (await import('./completion/command.ts')).completionCommand,
}

/** Loads all commands, in the order in which they are listed. */
export function loadCommands(): Promise<(Command | CommandGroup)[]> {
  return Promise.all(Object.values(commands).map((load) => load()))
}

/** Runs any command line; throws what goes wrong. */
export async function run(argv: string[], process: NodeJS.Process): Promise<void> {
  const name = argv[0] ?? ''
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  // The completion scripts run this.
  if (name === '__complete') {
    const { printCompletion } = await import('./completion/candidates.ts')
    return printCompletion(await loadCommands(), argv.slice(1), createContext(process, {}))
  }
  // What a command starts that has no time to refresh a token in its last minutes.
  if (name === '__refresh') {
    await createContext(process, { profile: argv[1] }).credentials.refreshAhead()
    return
  }
  const loading = load ? Promise.all([load()]) : loadCommands()
  const { runCommander } = await import('./command-line/commander.ts')
  return runCommander(await loading, argv, process)
}
