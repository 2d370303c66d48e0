import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { templateFieldNames, templateFields } from './fields.ts'
import type { View } from './view.ts'

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
      const field = name === undefined ? undefined : templateFields[name]
      if (!field || !Object.hasOwn(templateFields, name ?? '')) throw unknownField(name)
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
    hint: `Fields are ${templateFieldNames.map((field) => `{${field}}`).join(' ')}; {{ is a brace.`,
  })
}
