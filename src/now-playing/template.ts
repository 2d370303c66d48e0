import { SpotifyAuthError } from '../errors.ts'
import { clock } from '../terminal/clock.ts'
import { progressBar } from '../terminal/progress-bar.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { titleOf, type View } from './view.ts'

const barCells = 10

const fields: Record<string, (view: View) => string | null> = {
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

/** What may stand between braces. */
export const templateFields = Object.keys(fields)

interface Template {
  /** Turns a view into a line; `finish` cuts and escapes each value. */
  render(view: View, finish: (value: string) => string): string
  /** Whether it shows something that is asked of Spotify by a request of its own. */
  namesLiked: boolean
}

/**
 * Reads a template: `{field}` stands for a value, `{{` for a brace. Values are put in once and never read again; `before`
 * escapes the template's own text where a value comes next.
 * Throws `usage` for an unknown field or a brace that is not closed.
 */
export function readTemplate(text: string, before = (own: string) => own): Template {
  let namesLiked = false
  const parts = [...text.matchAll(/\{\{|\{([^{}]*)\}|[^{]+(?=(\{(?!\{))?)|\{/g)].map(
    ([part, name, isBefore]) => {
      if (part === '{{') return () => '{'
      if (name === undefined && part !== '{') return () => (isBefore ? before(part) : part)
      const field = name === undefined ? undefined : fields[name]
      if (!field || !Object.hasOwn(fields, name ?? '')) throw unknownField(name)
      namesLiked ||= name === 'liked'
      return (view: View, finish: (value: string) => string) => finish(sanitize(field(view) ?? ''))
    },
  )
  return { render: (view, finish) => parts.map((part) => part(view, finish)).join(''), namesLiked }
}

function unknownField(name: string | undefined): SpotifyAuthError {
  const what =
    name === undefined
      ? 'A brace of the template is not closed.'
      : `The template has an unknown field {${sanitize(name)}}.`
  return new SpotifyAuthError('usage', what, {
    hint: `Fields are ${templateFields.map((field) => `{${field}}`).join(' ')}; {{ is a brace.`,
  })
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : clock(ms)
}

/** 0 to 100; 0 where the length is not known. */
export function percentOf({ progressMs, durationMs }: View): number {
  if (progressMs === null || !durationMs) return 0
  return Math.round(Math.min(1, Math.max(0, progressMs / durationMs)) * 100)
}
