import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { type Item, type ItemType, search } from '../web-api/catalogue.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { labelOf } from './label.ts'
import type { Terminal } from './pick.ts'
import { type Reference, readReference } from './reference.ts'

/** How many items of each type the user can pick from. */
const offered = 10

interface Finding {
  /** Let the user pick. */
  pick?: boolean
  /** Do not say on standard error what the best match is. */
  json?: boolean
  /** The types that words can find; all that can be named where it is missing. */
  searched?: readonly [ItemType, ...ItemType[]]
}

/**
 * What the words of a command line name: a URI, link or id as it is, otherwise the best match of a search, which is
 * said on standard error, or with `pick` the one that the user picks. The best match has exactly that name, as an
 * artist or else as anything; otherwise the first of `types` is preferred. Throws `usage` for what cannot be meant,
 * and `not_found`.
 */
export async function find(
  needs: WebApi & Terminal,
  words: string[],
  types: readonly [ItemType, ...ItemType[]],
  { pick = false, json = false, searched = types }: Finding = {},
): Promise<Reference> {
  const text = words.join(' ').trim()
  if (text === '') throw new SpotifyAuthError('usage', 'Say what to look for.')
  const named = readReference(text, types[0])
  if (named) return checkType(named, types)
  checkWords(words, types)
  if (pick) (await import('./pick.ts')).requireTerminal(needs)
  const items = await search(needs, text, searched, pick ? offered : 5)
  if (items.length === 0) {
    throw new SpotifyAuthError('not_found', `Spotify found nothing for "${sanitize(text)}".`, {
      hint: 'Try fewer words.',
    })
  }
  if (pick) return (await import('./pick.ts')).pickOne(needs, items)
  const item = bestOf(items, text)
  if (!json) needs.stderr.write(`Best match: ${labelOf(item)}\n`)
  return item
}

/** What a word names, as a URI, link or id; throws `usage` for any other word, and for what is none of `types`. */
export function readNamed(word: string, types: readonly [ItemType, ...ItemType[]]): Reference {
  const named = readReference(word, types[0])
  if (named) return checkType(named, types)
  throw new SpotifyAuthError('usage', `"${sanitize(word)}" is no Spotify URI, link or id.`, {
    hint: `This takes: ${types.join(', ')}. With search, words find them.`,
  })
}

function checkType(named: Reference, types: readonly ItemType[]): Reference {
  if (types.includes(named.type)) return named
  throw new SpotifyAuthError('usage', `${named.uri} is of the type ${named.type}.`, {
    hint: `This takes: ${types.join(', ')}.`,
  })
}

/** Refuses a URI or link that cannot be read: as words of a search it would find something else. */
export function checkWords(words: string[], types: readonly ItemType[]): void {
  const unread = words.find((word) =>
    /^(?:spotify:|https?:\/\/|(?:open\.)?spotify\.(?:com|link)\/)/i.test(word),
  )
  if (unread === undefined) return
  throw new SpotifyAuthError('usage', `${sanitize(unread)} cannot be read as one of: ${types.join(', ')}.`, {
    hint: 'Give one URI or link; several at once must all be tracks or episodes.',
  })
}

function bestOf(items: Item[], text: string): Item {
  const named = items.filter(({ name }) => name.localeCompare(text, undefined, { sensitivity: 'base' }) === 0)
  return named.find(({ type }) => type === 'artist') ?? named[0] ?? (items[0] as Item)
}
