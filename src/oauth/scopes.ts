/** What `now-playing` needs, and no more. */
export const defaultScope = 'user-read-currently-playing'

/** Reads scopes that are separated by commas or spaces; each comes once, in the order given. */
export function readScope(texts: string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean))]
}
