import { clock } from '../terminal/clock.ts'
import { progressBar } from '../terminal/progress-bar.ts'
import { titleOf, type View } from './view.ts'

const barCells = 10

/** What may stand between the braces of a template, each with its text; null where there is nothing to say. */
export const templateFields: Record<string, (view: View) => string | null> = {
  title: (view) => titleOf(view),
  artist: ({ artists }) => artists[0] ?? null,
  artists: ({ artists }) => artists.join(', '),
  album: ({ album }) => album,
  show: ({ show }) => show,
  state: ({ state }) => state,
  icon: ({ state }) => (state === 'playing' ? '▶' : '⏸'),
  progress: ({ progressMs }) => timeOf(progressMs),
  duration: ({ durationMs }) => timeOf(durationMs),
  remaining: ({ progressMs, durationMs }) =>
    progressMs === null || durationMs === null ? null : timeOf(durationMs - progressMs),
  percent: (view) => (view.durationMs ? String(percentOf(view)) : null),
  bar(view) {
    if (!view.durationMs) return null
    const { done, rest } = progressBar(percentOf(view) / 100, barCells)
    return done + rest
  },
  device: ({ device }) => device,
  url: ({ url }) => url,
  uri: ({ uri }) => uri,
  id: ({ id }) => id,
  type: ({ type }) => type,
  image: ({ image }) => image,
  liked: ({ liked }) => (liked ? '♥' : null),
  stale: ({ stale }) => (stale ? 'stale' : null),
}

/** The names of those fields. */
export const templateFieldNames = Object.keys(templateFields)

/** The members of the JSON object, under the names that scripts rely on; `fetched_at` is in Unix seconds, as jq's `now` is. */
export function jsonFields(view: View): object {
  return {
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
  }
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : clock(ms)
}

/** 0 to 100; 0 where the length is not known. */
export function percentOf({ progressMs, durationMs }: View): number {
  if (progressMs === null || !durationMs) return 0
  return Math.round(Math.min(1, Math.max(0, progressMs / durationMs)) * 100)
}
