import type { Playback } from '../web-api/playback.ts'

/** What is playing as of now. */
export interface View extends Playback {
  /** Older than asked for, because Spotify could not be asked. */
  stale: boolean
  /** In the user's library; undefined where nobody has asked, or where it is not known. */
  liked?: boolean
}

/** Moves the progress on to `nowMs`, never past the end of the track. */
export function viewAt<T extends Playback>(playback: T, nowMs: number, stale = false): T & View {
  const { state, progressMs, durationMs, fetchedAtMs } = playback
  if (state !== 'playing' || progressMs === null) return { ...playback, stale }
  const movedMs = progressMs + Math.max(0, nowMs - fetchedAtMs)
  return { ...playback, stale, progressMs: Math.min(movedMs, durationMs ?? movedMs) }
}

/** Ads and unknown items have no title of their own. */
export function titleOf({ title, type }: Pick<Playback, 'title' | 'type'>): string {
  return title ?? (type === 'ad' ? 'Advertisement' : 'Unknown title')
}
