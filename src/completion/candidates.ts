import {
  type Choices,
  type Command,
  type CommandGroup,
  type Flags,
  globalFlags,
} from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { type Candidate, type Completion, shells } from './shells.ts'
import { readTypedLine, type TypedLine } from './typed-line.ts'

type Node = Command | CommandGroup

const helpFlag: Flags = { help: { describe: 'print this help' } }
const versionFlag: Flags = { version: { describe: 'print the version' } }

/** Prints the candidates for the line that a completion script passes on. It never prints an error: that would end up in the user's line. */
export function printCompletion(commands: Node[], [shell = '', line = '']: string[], context: Context): void {
  const format = Object.hasOwn(shells, shell) ? shells[shell]?.format : undefined
  const lines = format?.(complete(commands, line, context)) ?? []
  context.stdout.write(lines.map((each) => `${each}\n`).join(''))
}

/** Finds what the last word of a line can become, from the words and flags of all commands. */
export function complete(commands: Node[], line: string, context: Context): Completion {
  const typed = readTypedLine(line)
  const { candidates, open } = findCandidates(commands, typed, context)
  // Shells insert the words as they are, one per line, so only words without special characters are offered.
  const missing = (value: string) => value.slice(typed.current.length)
  const fitting = /[\n\t]/.test(typed.current)
    ? []
    : candidates.filter(
        ({ value }) => value.startsWith(typed.current) && /^[\w.,+={}-]*$/.test(missing(value)),
      )
  return { typed: typed.current, quoted: typed.quoted, candidates: fitting, open }
}

interface Found {
  candidates: Candidate[]
  open: boolean
}

function findCandidates(commands: Node[], { words, current }: TypedLine, context: Context): Found {
  const { node, flags, given, values, waiting, onlyArguments } = readWords(commands, words)
  if (waiting) return findValues(flags[waiting]?.choices, current, '', context)
  const inline = onlyArguments ? null : /^--([^=]+)=/.exec(current)
  if (inline) return findValues(flags[inline[1] ?? '']?.choices, current, inline[0], context)
  const missing = Object.entries(flags).filter(([name, flag]) => flag.multiple || !given.has(name))
  const asFlags = {
    candidates: missing.map(([name, { describe }]) => ({ value: `--${name}`, description: describe })),
    open: false,
  }
  if (current.startsWith('-') && !onlyArguments) return asFlags
  if (!node) return { candidates: [], open: false }
  if ('commands' in node) {
    return {
      candidates: node.commands.map(({ name, summary }) => ({ value: name, description: summary })),
      open: false,
    }
  }
  const notations = Object.keys(node.arguments ?? {})
  const last = notations.at(-1)
  const notation = notations[values] ?? (last?.includes('...') ? last : undefined)
  if (notation) return findValues(node.arguments?.[notation]?.choices, current, '', context)
  return onlyArguments ? { candidates: [], open: false } : asFlags
}

/** Reads the words before the cursor: the command, the flags that it takes, and those that were given. */
function readWords(commands: Node[], words: string[]) {
  let node: Node | undefined = { name: 'spotify-auth', summary: '', commands: commands as Command[] }
  let flags: Flags = { ...globalFlags, ...helpFlag, ...versionFlag }
  const given = new Set<string>()
  let values = 0
  let waiting: string | undefined
  let onlyArguments = false
  for (const word of words) {
    if (waiting) {
      waiting = undefined
    } else if (!onlyArguments && word === '--') {
      onlyArguments = true
    } else if (!onlyArguments && word.startsWith('-')) {
      const [typed = '', value] = word.replace(/^--?/, '').split('=')
      const name = word.startsWith('--') ? typed : findShort(flags, typed)
      given.add(name)
      if (value === undefined && flags[name]?.value) waiting = name
    } else if (node && 'commands' in node) {
      node = node.commands.find(({ name }) => name === word)
      flags = { ...(node && 'flags' in node ? node.flags : {}), ...globalFlags, ...helpFlag }
    } else {
      values++
    }
  }
  return { node, flags, given, values, waiting, onlyArguments }
}

function findShort(flags: Flags, letter: string): string {
  return Object.keys(flags).find((name) => flags[name]?.short === letter) ?? letter
}

/** Finds the values that fit; `prefix` is the part of the typed word before the value, such as `--scope=`. */
function findValues(
  choices: Choices | null | undefined,
  typed: string,
  prefix: string,
  context: Context,
): Found {
  if (!choices) return { candidates: [], open: false }
  const open = 'parts' in choices
  const kept = open ? (choices.before.exec(typed.slice(prefix.length))?.[0] ?? '') : ''
  const words = open ? choices.parts : listChoices(choices, context)
  return { candidates: words.map((word) => ({ value: prefix + kept + word })), open }
}

function listChoices(choices: Exclude<Choices, { parts: unknown }>, context: Context): readonly string[] {
  if (typeof choices !== 'function') return choices
  try {
    return choices(context)
  } catch {
    // Without a home directory, or access to it, there is nothing to offer; the command itself reports that.
    return []
  }
}
