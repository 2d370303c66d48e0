import { Interrupted, SpotifyAuthError } from '../errors.ts'
import type { Output } from '../terminal/output.ts'
import { canAsk, prompt } from '../terminal/prompt.ts'
import type { Item } from '../web-api/catalogue.ts'
import { labelOf } from './label.ts'

/** The terminal that the user is asked on. */
export interface Terminal {
  stdin: NodeJS.ReadStream
  stderr: Output
}

export interface Option {
  value: Item
  label: string
}

/** Throws `usage` where nobody can be asked. */
export function requireTerminal(terminal: Terminal): void {
  if (canAsk(terminal)) return
  throw new SpotifyAuthError('usage', 'There is no terminal to ask on.', { hint: 'Leave out --pick.' })
}

/** Asks for one of what was found; throws `Interrupted` when the user does not want any. */
export async function pickOne(terminal: Terminal, items: Item[]): Promise<Item> {
  const options = items.map((item) => ({ value: item, label: labelOf(item) }))
  const item = await pick(terminal, 'Which one', options, 'leave')
  if (item) return item
  throw new Interrupted('SIGINT')
}

/** Asks for one of the options, which typing narrows; undefined for Esc, or where there are none. */
export async function pick(
  terminal: Terminal,
  message: string,
  options: Option[],
  escapeTo = 'go back',
): Promise<Item | undefined> {
  if (options.length === 0) return undefined
  const { autocomplete } = await import('@clack/prompts')
  return prompt(terminal, (streams) =>
    autocomplete<Item>({
      message,
      options,
      placeholder: `type to narrow, Esc to ${escapeTo}`,
      maxItems: 10,
      validate: (item) => (item ? undefined : 'Nothing fits.'),
      ...streams,
    }),
  )
}
