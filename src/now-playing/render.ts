import { progressBar } from '../terminal/progress-bar.ts'
import { sanitize } from '../terminal/sanitize.ts'
import type { Style } from '../terminal/style.ts'
import type { Playback } from '../web-api/playback.ts'

/** `Artist, Artist - Title`, `Show - Title`, or the title alone. */
export function renderLine(playback: Playback): string {
  const by = playback.artists.join(', ') || playback.show
  const title = titleOf(playback)
  return sanitize(by ? `${by} - ${title}` : title)
}

/** One JSON object with the field names that scripts rely on; `fetched_at` is in Unix seconds, as in jq's `now`. */
export function renderJson(playback: Playback | undefined): string {
  if (!playback) return JSON.stringify({ playing: false })
  const { state, progressMs, durationMs, fetchedAtMs, ...fields } = playback
  return JSON.stringify({
    playing: state === 'playing',
    state,
    ...fields,
    progress_ms: progressMs,
    duration_ms: durationMs,
    fetched_at: fetchedAtMs / 1000,
  })
}

/** A few lines for people: state and title, who, where from, and how far. */
export function renderCard(playback: Playback, style: Style, columns: number): string {
  const { state, artists, album, show, progressMs, durationMs } = playback
  const icon = state === 'playing' ? style.green('▶') : style.yellow('⏸')
  const lines = [`${icon} ${style.bold(sanitize(titleOf(playback)))}`]
  const by = artists.join(', ') || show
  if (by) lines.push(`  ${sanitize(by)}`)
  if (album) lines.push(`  ${style.dim(sanitize(album))}`)
  if (progressMs !== null && durationMs) {
    const times = `${clock(progressMs)} / ${clock(durationMs)}`
    const bar = progressBar(progressMs / durationMs, Math.max(0, Math.min(40, columns - times.length - 5)))
    lines.push(`  ${style.green(bar.done)}${style.dim(bar.rest)} ${times}`)
  }
  return lines.join('\n')
}

function titleOf({ title, type }: Playback): string {
  return title ?? (type === 'ad' ? 'Advertisement' : 'Unknown title')
}

/** `1:05`, `1:02:03`. */
function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const pad = (value: number) => String(value).padStart(2, '0')
  return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`
}
