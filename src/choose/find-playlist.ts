import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import type { Item } from '../web-api/catalogue.ts'
import { listOwnPlaylists, listPlaylists } from '../web-api/playlists.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { checkWords, readNamed } from './find.ts'
import { fold } from './fold.ts'
import { labelOf, namesOf } from './label.ts'
import type { Terminal } from './pick.ts'
import { type Reference, readReference } from './reference.ts'

/** The most names that an error lists. */
const named = 10

/**
 * Finds one of the user's playlists by its name, whatever the case: by all of it, else by its beginning, else by a part
 * of it. Which one it is, is said on standard error; with `pick` the user picks among all that have that part.
 * A URI or link stands for itself, because two may have the same name. Throws `not_found`, and `usage` where several
 * fit as well.
 */
export async function findPlaylist(
  needs: WebApi & Terminal,
  name: string,
  { pick = false, json = false }: { pick?: boolean; json?: boolean } = {},
): Promise<Reference> {
  const wanted = readName(name)
  // An id alone would be read as a track's: here it may be a name.
  const reference = readReference(name.trim(), 'track')
  if (reference?.type === 'playlist') return reference
  if (pick) (await import('./pick.ts')).requireTerminal(needs)
  const playlists = await listPlaylists(needs, Number.POSITIVE_INFINITY)
  const having = (has: (name: string) => boolean) => playlists.filter((each) => has(fold(each.name)))
  const parts = having((each) => each.includes(wanted))
  if (parts.length === 0) {
    throw new SpotifyAuthError('not_found', `None of your playlists fits "${sanitize(name)}".`, {
      hint: `See which there are: ${needs.commandLine('playlists')}`,
    })
  }
  if (pick) return (await import('./pick.ts')).pickOne(needs, parts)
  const exact = having((each) => each === wanted)
  const beginnings = having((each) => each.startsWith(wanted))
  const found = onlyOne([exact, beginnings, parts].find(({ length }) => length > 0) ?? [], name)
  if (!json) needs.stderr.write(`Best match: ${labelOf(found)}\n`)
  return found
}

/**
 * Finds the playlist that the user can add to and that has exactly this name, whatever the case, or this URI, link or
 * id, which then stands for its name. Undefined where there is none of that name; throws `usage` where there are several.
 */
export async function findOwnPlaylist(
  api: WebApi,
  name: string,
): Promise<Pick<Item, 'id' | 'name'> | undefined> {
  const wanted = readName(name)
  if (readReference(name.trim(), 'playlist')) {
    const { id, uri } = readNamed(name.trim(), ['playlist'])
    return { id, name: uri }
  }
  // A playlist could be made of this name.
  checkWords([name.trim()], ['playlist'])
  const fitting = (await listOwnPlaylists(api)).filter((each) => fold(each.name) === wanted)
  return fitting.length === 0 ? undefined : onlyOne(fitting, name)
}

function readName(name: string): string {
  const wanted = fold(name)
  if (wanted) return wanted
  throw new SpotifyAuthError('usage', 'Say the name of a playlist.')
}

function onlyOne(fitting: Item[], name: string): Item {
  const [first] = fitting
  if (first && fitting.length === 1) return first
  const names = namesOf(fitting.slice(0, named).map(({ name, uri }) => ({ name, id: uri })))
  const more = fitting.length > named ? ` and ${fitting.length - named} more` : ''
  throw new SpotifyAuthError('usage', `Several of your playlists fit "${sanitize(name)}".`, {
    hint: `Say which one: ${names}${more}.`,
  })
}
