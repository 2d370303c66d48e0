import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../terminal/sanitize.ts'
import { type Item, type ItemType, search } from '../web-api/catalogue.ts'
import type { World as ApiWorld } from '../web-api/client.ts'
import { labelOf } from './label.ts'
import { type Reference, readReference } from './reference.ts'

export type World = ApiWorld & Pick<Context, 'stdin' | 'stderr' | 'signal'>

/** How many are offered of each type. */
const offered = 10

/**
 * What the words of a command line name: a URI, link or id as it is, otherwise the best match of a search, which is
 * said on standard error, or with `pick` the one that the user picks. Of several `types` the first is preferred,
 * unless an artist has exactly that name. Throws `usage` for another type, and `not_found`.
 */
export async function find(
  world: World,
  words: string[],
  types: readonly [ItemType, ...ItemType[]],
  { pick = false } = {},
): Promise<Reference> {
  const text = words.join(' ').trim()
  const named = readReference(text, types[0])
  if (named) return checkType(named, types)
  const items = text === '' ? [] : await search(world, text, types, pick ? offered : 5)
  if (items.length === 0) {
    throw new SpotifyAuthError('not_found', `Spotify has no ${types.join(', ')} for "${sanitize(text)}".`, {
      hint: 'Try fewer words, or see: spotify-auth search --help',
    })
  }
  const item = pick ? await (await import('./walk.ts')).pickOne(world, items) : bestOf(items, text)
  if (!pick) world.stderr.write(`${labelOf(item)}\n`)
  return item
}

function checkType(named: Reference, types: readonly ItemType[]): Reference {
  if (types.includes(named.type)) return named
  throw new SpotifyAuthError('usage', `${named.uri} is of the type ${named.type}.`, {
    hint: `This takes: ${types.join(', ')}.`,
  })
}

function bestOf(items: Item[], text: string): Item {
  const isMeant = ({ type, name }: Item) =>
    type === 'artist' && name.localeCompare(text, undefined, { sensitivity: 'base' }) === 0
  return items.find(isMeant) ?? (items[0] as Item)
}
