import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import { escapes } from './escape.ts'
import { percentOf } from './fields.ts'
import { titleOf, type View } from './view.ts'

/** One object of waybar's `return-type: json`; `text` and `tooltip` are Pango markup. */
export function renderWaybar(view: View | undefined, text: string): string {
  if (!view) return printableJson({ text, tooltip: '', class: 'stopped', percentage: 0 })
  const { state, artists, album, show } = view
  const lines = [titleOf(view), artists.join(', ') || show, album].filter(
    (line) => line !== null && line !== '',
  )
  const tooltip = lines.map((line) => escapes.pango(sanitize(line ?? ''))).join('\n')
  return printableJson({
    text,
    tooltip,
    class: view.stale ? [state, 'stale'] : state,
    percentage: percentOf(view),
  })
}
