import { clock } from '../terminal/clock.ts'
import { progressBar } from '../terminal/progress-bar.ts'
import type { Style } from '../terminal/style.ts'
import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import { escapes } from './escape.ts'
import { percentOf } from './template.ts'
import { titleOf, type View } from './view.ts'

/** `Artist, Artist - Title`, `Show - Title`, or the title alone. */
export function renderLine(view: View): string {
  const by = view.artists.join(', ') || view.show
  const title = titleOf(view)
  return sanitize(by ? `${by} - ${title}` : title)
}

/** One JSON object with the field names that scripts rely on; `fetched_at` is in Unix seconds, as in jq's `now`. */
export function renderJson(view: View | undefined): string {
  if (!view) return printableJson({ playing: false })
  return printableJson({
    playing: view.state === 'playing',
    state: view.state,
    type: view.type,
    title: view.title,
    artists: view.artists,
    album: view.album,
    show: view.show,
    url: view.url,
    uri: view.uri,
    id: view.id,
    image: view.image,
    device: view.device,
    explicit: view.explicit,
    progress_ms: view.progressMs,
    duration_ms: view.durationMs,
    fetched_at: view.fetchedAtMs / 1000,
    stale: view.stale || undefined,
  })
}

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
