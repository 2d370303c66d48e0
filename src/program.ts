import type { Command, CommandGroup } from './command-line/command.ts'
import { nowPlayingCommand } from './commands/now-playing.ts'
import { tokenCommand } from './commands/token.ts'
import { createContext } from './context.ts'

type AnyCommand = Command | CommandGroup
type Loaders = Record<string, () => Promise<AnyCommand>>

/** All commands, under the headings of the help; each is loaded when it is run. */
const headings: Record<string, Loaders> = {
  Login: {
    login: async () => (await import('./commands/login.ts')).loginCommand,
    logout: async () => (await import('./commands/logout.ts')).logoutCommand,
    status: async () => (await import('./commands/status.ts')).statusCommand,
  },
  'What plays': {
    'now-playing': async () => nowPlayingCommand,
  },
  Player: {
    play: async () => (await import('./commands/play.ts')).playCommand,
    pause: async () => (await import('./commands/pause.ts')).pauseCommand,
    toggle: async () => (await import('./commands/toggle.ts')).toggleCommand,
    next: async () => (await import('./commands/next.ts')).nextCommand,
    previous: async () => (await import('./commands/previous.ts')).previousCommand,
    seek: async () => (await import('./commands/seek.ts')).seekCommand,
    volume: async () => (await import('./commands/volume.ts')).volumeCommand,
    shuffle: async () => (await import('./commands/shuffle.ts')).shuffleCommand,
    repeat: async () => (await import('./commands/repeat.ts')).repeatCommand,
    queue: async () => (await import('./commands/queue.ts')).queueCommand,
    devices: async () => (await import('./commands/devices.ts')).devicesCommand,
  },
  'Finding music': {
    search: async () => (await import('./commands/search.ts')).searchCommand,
    albums: async () => (await import('./commands/albums.ts')).albumsCommand,
    tracks: async () => (await import('./commands/tracks.ts')).tracksCommand,
  },
  Library: {
    like: async () => (await import('./commands/like.ts')).likeCommand,
    unlike: async () => (await import('./commands/unlike.ts')).unlikeCommand,
    playlists: async () => (await import('./commands/playlists.ts')).playlistsCommand,
    playlist: async () => (await import('./commands/playlist.ts')).playlistCommand,
    recent: async () => (await import('./commands/recent.ts')).recentCommand,
    top: async () => (await import('./commands/top.ts')).topCommand,
  },
  Scripts: {
    token: async () => tokenCommand,
    api: async () => (await import('./commands/api.ts')).apiCommand,
  },
  'The program itself': {
    config: async () => (await import('./commands/config.ts')).configCommand,
    completion: async () => (await import('./completion/command.ts')).completionCommand,
  },
}

const loaders: Loaders = Object.assign({}, ...Object.values(headings))

/** What is not to be asked for a scope: it runs where nobody looks, or is about the login itself. */
const neverAsk = new Set(['login', 'now-playing', 'token', 'api'])

/** Loads all commands, in the order in which they are listed, each with its heading. */
export function loadCommands(): Promise<AnyCommand[]> {
  const loading = Object.entries(headings).flatMap(([heading, below]) =>
    Object.values(below).map(async (load) => ({ ...(await load()), heading })),
  )
  return Promise.all(loading)
}

/** Runs any command line; throws what goes wrong. */
export async function run(argv: string[], process: NodeJS.Process): Promise<void> {
  const name = argv[0] ?? ''
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined
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
  const { withScopes } = await import('./commands/with-scopes.ts')
  const commands = (await loading).map((command) =>
    neverAsk.has(command.name) ? command : withScopes(command, process),
  )
  return runCommander(commands, argv, process)
}
