import type { Context } from '../context.ts'
import { listProfiles } from '../session/dotfile.ts'

/** One flag of a command: what both parsers, the help and the completion know of it. */
interface Flag {
  describe: string
  /** A letter for short: `-X`. */
  short?: string
  /** What stands for the value in the help; a flag without it is a switch. */
  value?: string
  /** May be given several times. */
  multiple?: true
  /** Turns the text of the command line into the value; throws `usage`. Without it, the value is the text. */
  parse?: (text: string, flag: string) => unknown
  /** What a shell completes the value with. */
  choices?: Choices
}

/** Values that a shell offers for completion, or a function that finds them. Other values are allowed as well. */
export type Choices = readonly string[] | ((context: Context) => string[]) | Parts

/** Values of several parts, of which a shell completes the last: `before` matches what comes before it. */
interface Parts {
  parts: readonly string[]
  before: RegExp
}

export type Flags = Record<string, Flag>

/** One positional argument of a command. */
interface Argument {
  describe: string
  /** What a shell completes it with; null for an argument that can be anything. */
  choices: Choices | null
}

/** What the list of commands shows of each. */
interface Listed {
  name: string
  summary: string
  /** Under which heading. */
  heading?: string
}

/** A command's words (name, flags, help) and what it does. */
export interface Command<Options = never> extends Listed {
  /** More than the summary, for the command's own help. */
  details?: string
  /** Positional arguments, by commander's notation: `<needed>`, `[optional]`, `[several...]`. */
  arguments?: Record<string, Argument>
  flags: Flags
  /** Command lines that can be typed, each with what it is for. */
  examples: [line: string, purpose: string][]
  run(context: Context, options: Options, ...args: string[]): void | Promise<void>
}

/** Commands below a command: `config get`. */
export interface CommandGroup extends Listed {
  commands: Command<never>[]
}

/** Flags that every command has. */
export const globalFlags: Flags = {
  profile: {
    value: 'NAME',
    describe: 'use the login of this name (default: "default")',
    choices: listProfiles,
  },
  json: { describe: 'print JSON, also for an error' },
  'no-color': { describe: 'print without colours' },
  verbose: { describe: 'say each request on standard error' },
}

/** Turns what a parser found (by flag name) into a command's options (in camel case, values read). */
export function readOptions(flags: Flags, found: Record<string, unknown>): Record<string, unknown> {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(found)) {
    if (value === undefined) continue
    const parse = flags[name]?.parse ?? ((text: string) => text)
    const key = name.replace(/^no-/, '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    if (Array.isArray(value)) options[key] = value.map((text) => parse(text, name))
    else if (typeof value === 'string') options[key] = parse(value, name)
    else options[key] = value && !name.startsWith('no-')
  }
  return options
}
