/** How a value is kept from being taken for markup by what shows it. */
export const escapes = {
  none: (text: string) => text,
  /** Pango markup: waybar, i3bars with pango, dunst. */
  pango: (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character),
  /** tmux expands `#[…]`, `#{…}` and `#(…)`; a doubled `#` is one. */
  tmux: (text: string) => text.replaceAll('#', '##'),
  /** polybar knows no escape for `%{`: an invisible character (word joiner) between the two takes their meaning away. */
  polybar: (text: string) => text.replaceAll('%{', '%\u2060{'),
  /** The inside of a JSON string. */
  json: (text: string) => JSON.stringify(text).slice(1, -1),
}

export type Escape = keyof typeof escapes

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
