import { Readable } from 'node:stream'
import type { Command } from '../../src/command-line/command.ts'
import { runCommander } from '../../src/command-line/commander.ts'
import { createContext } from '../../src/context.ts'
import { SpotifyAuthError } from '../../src/errors.ts'
import { describeError } from '../../src/main.ts'
import { loadCommands } from '../../src/program.ts'
import { followLogin } from './follow-login.ts'
import { type Sandbox, waitFor } from './sandbox.ts'

type World = Pick<Sandbox, 'env'>

/** What a command has written so far. */
interface Written {
  stdout: string
  stderr: string
}

interface Options {
  env?: Record<string, string>
  stdin?: string
  /** The width of the terminal that it writes to, which shows standard error among the output; nothing can be asked there. */
  columns?: number
}

/**
 * Runs a command line as the program does, with the sandbox's environment, but in the process of the tests: starting the
 * program takes fifty times as long. It is for the rows of a table, which differ in what a command makes of its words;
 * how the program starts, prints and exits is tested on the program itself. Throws the error that the program would print.
 */
export async function perform(
  sandbox: World,
  args: string[],
  written: Written = { stdout: '', stderr: '' },
  { env, stdin, columns }: Options = {},
) {
  const output = (to: keyof typeof written) => ({
    isTerminal: columns !== undefined,
    columns: columns ?? 80,
    write(text: string) {
      written[columns === undefined ? to : 'stdout'] += text
    },
  })
  const [name = ''] = args
  const all = await loadCommands()
  const named = all.filter((each) => each.name === name)
  const { platform } = process
  const world = {
    env: { ...sandbox.env, ...env },
    platform,
    stdin: Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]),
  } as unknown as NodeJS.Process
  const told = (command: Command<never>): Command<never> => ({
    ...command,
    run(_, options, ...words) {
      // A refresh ahead of time would start this process once more.
      const context = createContext(world, options, {
        stderr: output('stderr'),
        refreshAhead: async () => {},
      })
      // The program's own would listen to the signals of this process for good.
      Object.defineProperty(context, 'signal', { value: new AbortController().signal })
      return command.run(Object.assign(context, { stdout: output('stdout') }), options, ...words)
    },
  })
  const nodes = (named.length > 0 ? named : all).map((command) =>
    'commands' in command ? { ...command, commands: command.commands.map(told) } : told(command),
  )
  const before = process.listeners('exit')
  try {
    await runCommander(nodes, args, world, output('stdout'))
  } finally {
    // `login` listens for the end of its process, which here is the end of many tests.
    const added = process.listeners('exit').filter((listener) => !before.includes(listener))
    for (const listener of added) process.off('exit', listener)
  }
  return written
}

/** Runs a command line like `perform`; returns what `Sandbox.run` would. */
export function runInProcess(sandbox: World, args: string[], options?: Options): ReturnType<Sandbox['run']> {
  return outcomeOf(sandbox, args, { stdout: '', stderr: '' }, options)
}

/** Starts `login` like `perform`, on any free port, and waits until it waits for its callback; see `Sandbox.beginLogin`. */
export async function beginLoginInProcess(sandbox: World, args: string[] = [], options?: Options) {
  const written = { stdout: '', stderr: '' }
  let hasEnded = false
  const outcome = outcomeOf(sandbox, ['login', '--port', '0', ...args], written, options).finally(() => {
    hasEnded = true
  })
  // The first one in a process loads what it is made of.
  await waitFor(() => hasEnded || /^Waiting for \S+:/m.test(written.stderr), 60_000)
  const authorizeUrl = new URL(/^\S+\/authorize\?\S+$/m.exec(written.stderr)?.[0] ?? '')
  return {
    outcome,
    stderr: () => written.stderr,
    authorizeUrl,
    redirectUri: authorizeUrl.searchParams.get('redirect_uri') ?? '',
    answer: (choice: 'agree' | 'cancel') => followLogin(authorizeUrl.href, choice),
  }
}

async function outcomeOf(sandbox: World, args: string[], written: Written, options?: Options) {
  try {
    return { code: 0, signal: null, ...(await perform(sandbox, args, written, options)) }
  } catch (error) {
    if (!(error instanceof SpotifyAuthError)) throw error
    written[options?.columns === undefined ? 'stderr' : 'stdout'] += `${describeError(error, args)}\n`
    return { code: error.exitCode, signal: null, ...written }
  }
}
