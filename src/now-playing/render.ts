import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import { jsonFields } from './fields.ts'
import { titleOf, type View } from './view.ts'

/** `Artist, Artist - Title`, `Show - Title`, or the title alone. */
export function renderLine(view: View): string {
  const by = view.artists.join(', ') || view.show
  const title = titleOf(view)
  return sanitize(by ? `${by} - ${title}` : title)
}

/** One JSON object on one line. */
export function renderJson(view: View | undefined): string {
  return printableJson(view ? jsonFields(view) : { playing: false })
}
