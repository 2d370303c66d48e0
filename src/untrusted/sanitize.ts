// Line breaks and tabs become a space; other control characters (C0, DEL, C1), byte order marks and
// the characters that reorder a line (bidi marks of Arabic letters, embeddings, overrides, isolates) disappear.
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Makes text from the network one line that a terminal or a status bar shows without obeying it; emoji stay whole. */
export function sanitize(text: string): string {
  return text.toWellFormed().replace(breaks, ' ').replace(controls, '')
}

// What JSON leaves as it is but a terminal may obey.
const unsafeInJson = /[\u007f-\u009f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/** JSON, without `indent` on one line, that a terminal shows without obeying it, and that parses back to the very same value. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    unsafeInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
