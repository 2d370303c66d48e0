import { sanitize } from '../untrusted/sanitize.ts'
import type { Item } from '../web-api/catalogue.ts'

/** An item in one line: `Clair de lune - Marisol Vantreight, Claude Debussy (track)`. */
export function labelOf({
  name,
  artists,
  owner,
  type,
}: Pick<Item, 'name' | 'artists' | 'owner' | 'type'>): string {
  const by = artists.join(', ') || owner
  return sanitize(`${name}${by ? ` - ${by}` : ''} (${type})`)
}

/** Names to choose from, in quotes; where two things have the same, what tells them apart. */
export function namesOf(things: { name: string; id: string | null }[]): string {
  const isTwice = (name: string) => things.filter((each) => each.name === name).length > 1
  return things.map(({ id, name }) => (isTwice(name) && id ? sanitize(id) : `"${sanitize(name)}"`)).join(', ')
}
