import type { Playback } from '../web-api/playback.ts'

/** What is playing as of now, and whether it is older than asked for because Spotify could not be asked. */
export type View = Playback & { stale: boolean }

/** Moves the progress on to `nowMs`, never past the end of the track. */
export function viewAt(playback: Playback, nowMs: number, stale = false): View {
  const { state, progressMs, durationMs, fetchedAtMs } = playback
  if (state !== 'playing' || progressMs === null) return { ...playback, stale }
  const movedMs = progressMs + Math.max(0, nowMs - fetchedAtMs)
  return { ...playback, stale, progressMs: Math.min(movedMs, durationMs ?? movedMs) }
}

/** Ads and unknown items have no title of their own. */
export function titleOf({ title, type }: Pick<Playback, 'title' | 'type'>): string {
  return title ?? (type === 'ad' ? 'Advertisement' : 'Unknown title')
}

/** `1:05`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const pad = (value: number) => String(value).padStart(2, '0')
  return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`
}
