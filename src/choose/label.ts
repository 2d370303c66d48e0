import { sanitize } from '../untrusted/sanitize.ts'
import type { Item } from '../web-api/catalogue.ts'

/** An item in one line: `Clair de lune - Marisol Vantreight, Claude Debussy (track)`. */
export function labelOf({ name, artists, owner, type }: Item): string {
  const by = artists.join(', ') || owner
  return sanitize(`${name}${by ? ` - ${by}` : ''} (${type})`)
}
