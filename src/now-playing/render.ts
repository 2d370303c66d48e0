import { printableJson, sanitize } from '../untrusted/sanitize.ts'
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
