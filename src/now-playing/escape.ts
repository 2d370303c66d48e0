/** How a value is kept from being taken for markup by what shows it. */
export const escapes = {
  none: (text: string) => text,
  /** Pango markup: waybar, i3bars with pango, dunst. */
  pango: (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character),
  /**
   * tmux expands `#[…]`, `#{…}` and `#(…)`; a doubled `#` is one. It halves several in a row twice, unless a `[` follows,
   * and one at the end would take the meaning from the style that tmux puts after it.
   */
  tmux: (text: string) => text.replaceAll('#', '##').replace(/(?:##){2,}(?![#[])|##$/g, '$&$&'),
  /**
   * polybar knows no escape for `%{`: an invisible character (word joiner) between the two takes their meaning away;
   * at the end, too, because the next value may begin with the brace.
   */
  polybar: (text: string) => text.replace(/%(?=\{|$)/g, '%\u2060'),
  /** The inside of a JSON string. */
  json: (text: string) => JSON.stringify(text).slice(1, -1),
}

export type Escape = keyof typeof escapes

/**
 * A template's own text, where a value comes next: the sign that begins a tag does not take the value for one. The
 * same invisible character keeps them apart, also where the value turns out to be empty.
 */
export function escapeBefore(text: string, target: Escape): string {
  const sign = { tmux: '#', polybar: '%' }[target as string]
  return sign && text.endsWith(sign) ? `${text}\u2060` : text
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
