import type { ChalkInstance } from 'chalk'
import type { Output } from './output.ts'

export type Style = ChalkInstance

interface StyledOutput {
  env: Readonly<Record<string, string | undefined>>
  stdout: Output
  color: boolean
}

/** Colours for standard output: only on a terminal or with FORCE_COLOR, and not with NO_COLOR or `--no-color`. */
export async function openStyle(context: StyledOutput): Promise<Style> {
  const { Chalk, supportsColor } = await import('chalk')
  const { NO_COLOR, FORCE_COLOR } = context.env
  const wanted = context.color && (FORCE_COLOR ? true : !NO_COLOR && context.stdout.isTerminal)
  return new Chalk({ level: wanted && supportsColor ? supportsColor.level : 0 })
}
