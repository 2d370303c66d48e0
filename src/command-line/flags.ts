import { SpotifyAuthError } from '../errors.ts'
import type { Choices, Flags } from './command.ts'

/** The flag of every command that takes the best match. */
export const pickFlag: Flags = { pick: { describe: 'choose from what is found instead of the best match' } }

export interface PickOptions {
  pick?: boolean
}

/** Lets a shell complete a list with commas, also of words with a `+`. */
export function inList(words: readonly string[]): Choices {
  return { parts: words, before: /^(?:.*[\s,])?\+?/s }
}

/** Lets a shell complete the fields of a template: `{ti` to `{title}`, wherever it stands. */
export function inBraces(fields: readonly string[]): Choices {
  return { parts: fields.map((field) => `{${field}}`), before: /^(?:[^{]|\{\{|\{\w+\})*(?=\{|(?<!\w)$)/ }
}

/** A parser for a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string, flag: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
    throw new SpotifyAuthError('usage', `--${flag} takes a whole number ${range}.`)
  }
}

/** A parser for a time in seconds, such as `5` or `1.5`, from `least` on. */
export function secondsFrom(least: number) {
  return (text: string, flag: string): number => {
    if (/^\d+(\.\d+)?$/.test(text) && Number(text) >= least) return Number(text)
    throw new SpotifyAuthError(
      'usage',
      `--${flag} takes seconds${least ? ` from ${least} on` : ''}, such as 5 or 1.5.`,
    )
  }
}
