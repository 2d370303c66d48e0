import type { Command, CommandGroup } from '../command-line/command.ts'
import { type Context, createContext, type GlobalOptions } from '../context.ts'
import { withSignals } from '../system/signals.ts'
import { canAsk } from '../terminal/prompt.ts'

type Options = GlobalOptions & { json?: boolean }

/**
 * Wraps a command: on a terminal, a scope that it lacks is granted on the spot, by a login in between. A command looks
 * for its scopes before it does anything, so it is simply run again.
 */
export function withScopes(
  command: Command | CommandGroup,
  process: NodeJS.Process,
): Command<Options> | CommandGroup {
  if ('commands' in command) {
    return { ...command, commands: command.commands.map((each) => withScopes(each, process) as Command) }
  }
  const attempt = async (context: Context, options: Options, args: string[], granted?: string) => {
    try {
      await command.run(context, options as never, ...args)
    } catch (error) {
      const word = await askForMissing(error, context, command.name, options, granted)
      if (word === undefined) throw error
      await logIn(process, options, word)
      await attempt(createContext(process, options), options, args, word)
    }
  }
  return { ...command, run: (context, options, ...args) => attempt(context, options, args) }
}

/** What the user agrees to add to the login; undefined where that is no help, nobody can be asked, or nobody agrees. */
async function askForMissing(
  error: unknown,
  context: Context,
  command: string,
  options: Options,
  granted: string | undefined,
): Promise<string | undefined> {
  const { MissingScope } = await import('../web-api/api-error.ts')
  if (!(error instanceof MissingScope)) return undefined
  const { scope, word } = error
  // Spotify may grant less than it was asked for; a login of the environment is none that this program can replace.
  const isOfHelp = word !== granted && !context.env.SPOTIFY_REFRESH_TOKEN
  if (scope === undefined || word === undefined || !isOfHelp || options.json || !canAsk(context))
    return undefined
  const { askForScope } = await import('../login/ask-for-scope.ts')
  return (await askForScope(context, command, { scope, word })) ? word : undefined
}

async function logIn(process: NodeJS.Process, options: Options, word: string): Promise<void> {
  const { loginCommand } = await import('./login.ts')
  await withSignals(async (signal) => {
    const context = createContext(process, options)
    // What the login says is not what the command was asked for.
    Object.defineProperties(context, { stdout: { value: context.stderr }, signal: { value: signal } })
    await loginCommand.run(context, { scope: [`+${word}`] })
  })
}
