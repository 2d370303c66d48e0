import { type Command, globalFlags, readOptions } from './command.ts'

/**
 * The options of a plain command line; undefined for whatever is unusual, which commander then reads.
 * Node's `parseArgs` would do the same, but loading it takes 3 to 5 % of a start.
 */
export function parsePlainLine(command: Command, args: string[]): Record<string, unknown> | undefined {
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
