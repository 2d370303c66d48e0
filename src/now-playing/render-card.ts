import { clock } from '../terminal/clock.ts'
import { progressBar } from '../terminal/progress-bar.ts'
import type { Style } from '../terminal/style.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { titleOf, type View } from './view.ts'

/** A few lines for people: state and title, who, where from, and how far; `toWidth` cuts a text to its line. */
export function renderCard(
  view: View,
  style: Style,
  columns: number,
  toWidth = (text: string) => text,
): string {
  const { state, artists, album, show, progressMs, durationMs } = view
  const icon = state === 'playing' ? style.green('▶') : style.yellow('⏸')
  const lines = [`${icon} ${style.bold(toWidth(sanitize(titleOf(view))))}`]
  const by = artists.join(', ') || show
  if (by) lines.push(`  ${toWidth(sanitize(by))}`)
  if (album) lines.push(`  ${style.dim(toWidth(sanitize(album)))}`)
  if (progressMs !== null && durationMs) {
    const times = `${clock(progressMs)} / ${clock(durationMs)}`
    const bar = progressBar(progressMs / durationMs, Math.max(0, Math.min(40, columns - times.length - 5)))
    lines.push(`  ${style.green(bar.done)}${style.dim(bar.rest)} ${times}`)
  }
  return lines.join('\n')
}
