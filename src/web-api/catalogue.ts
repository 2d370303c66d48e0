import { fieldsOf, listOf, numberOf, textOf } from '../untrusted/fields.ts'
import { circle } from './circle.ts'
import { getJson } from './client.ts'
import { queryOf } from './query.ts'
import type { WebApi } from './web-api.ts'

export const itemTypes = ['artist', 'album', 'track', 'playlist', 'episode', 'show'] as const

export type ItemType = (typeof itemTypes)[number]

/** Something that can be found and played; what Spotify does not say is null. Texts are as Spotify sent them. */
export interface Item {
  type: ItemType
  id: string
  uri: string
  name: string
  artists: string[]
  /** Who made the playlist, or publishes the show; of an episode the show. */
  owner: string | null
  album: string | null
  /** `2019`, `2019-03` or `2019-03-22`. */
  releaseDate: string | null
  totalTracks: number | null
  durationMs: number | null
  explicit: boolean | null
  /** The page at open.spotify.com. */
  url: string | null
}

/** Called after each page with how many there are so far, and in all. */
export type Progress = (found: number, total: number) => void

/** The largest pages that Spotify gives in development mode. */
const pageSizes = { search: 10, albums: 10, tracks: 50 }

/** Spotify answers no search beyond this offset. */
const lastOffset = 1000

/** Searches by words: at most `limit` of each type, in the order of `types` (`GET /search`). */
export async function search(
  api: WebApi,
  query: string,
  types: readonly ItemType[],
  limit: number,
  tell?: Progress,
): Promise<Item[]> {
  const found = new Map<ItemType, Item[]>(types.map((type) => [type, []]))
  const totals = new Map<ItemType, number>()
  let open = types
  for (let offset = 0; open.length > 0 && offset < Math.min(limit, lastOffset); offset += pageSizes.search) {
    const size = Math.min(pageSizes.search, limit - offset)
    const response = fieldsOf(
      await get(api, '/search', { q: query, type: open.join(','), limit: size, offset }),
    )
    const pages = open.map((type) => ({ type, page: readPage(response[`${type}s`], type, offset) }))
    for (const { type, page } of pages) {
      found.get(type)?.push(...page.items)
      totals.set(type, Math.min(limit, page.total ?? limit))
    }
    open = pages.filter(({ page }) => page.hasMore).map(({ type }) => type)
    const total = [...totals.values()].reduce((sum, each) => sum + each, 0)
    if (open.length > 0) tell?.([...found.values()].flat().length, total)
  }
  return [...found.values()].flat()
}

/** Lists an artist's own albums and singles (`GET /artists/{id}/albums`). */
export function listAlbums(api: WebApi, artistId: string, limit: number, tell?: Progress): Promise<Item[]> {
  const path = `/artists/${artistId}/albums`
  return list(api, path, { include_groups: 'album,single' }, 'album', pageSizes.albums, limit, tell)
}

/** Lists the tracks of an album in their order (`GET /albums/{id}/tracks`). */
export function listTracks(api: WebApi, albumId: string, limit: number, tell?: Progress): Promise<Item[]> {
  return list(api, `/albums/${albumId}/tracks`, {}, 'track', pageSizes.tracks, limit, tell)
}

async function list(
  api: WebApi,
  path: string,
  query: Record<string, string>,
  type: ItemType,
  pageSize: number,
  limit: number,
  tell?: Progress,
): Promise<Item[]> {
  const items: Item[] = []
  for (let offset = 0, hasMore = true; hasMore && offset < limit; offset += pageSize) {
    const size = Math.min(pageSize, limit - offset)
    const page = readPage(await get(api, path, { ...query, limit: size, offset }), type, offset)
    items.push(...page.items)
    hasMore = page.hasMore
    tell?.(items.length, page.total ?? limit)
  }
  return items
}

function get(api: WebApi, path: string, query: Record<string, string | number>): Promise<unknown> {
  return getJson(api, { path: path + queryOf(query), retry: true })
}

/** Reads the page of a list that begins at `offset`. Throws `api_error` for one whose next page does not lie behind it. */
function readPage(value: unknown, type: ItemType, offset: number) {
  const page = fieldsOf(value)
  const next = textOf(page.next)
  const [, nextOffset] = /[?&]offset=(\d+)/.exec(next ?? '') ?? []
  if (next !== null && Number(nextOffset) <= offset) throw circle(next)
  return {
    // Lists have null where an item may not be shown.
    items: listOf(page.items).flatMap((item) => readItem(item, type) ?? []),
    total: numberOf(page.total),
    hasMore: next !== null,
  }
}

/** Reads an item field by field; undefined for what has no name or URI, and so cannot be shown or played. */
export function readItem(value: unknown, type?: ItemType): Item | undefined {
  const item = fieldsOf(value)
  const itsType = itemTypes.find((each) => each === item.type) ?? type
  const uri = textOf(item.uri)
  const name = textOf(item.name)
  if (!itsType || !uri || name === null) return undefined
  return {
    type: itsType,
    id: textOf(item.id) ?? '',
    uri,
    name,
    artists: listOf(item.artists).flatMap((artist) => textOf(fieldsOf(artist).name) ?? []),
    owner:
      textOf(fieldsOf(item.owner).display_name) ?? textOf(item.publisher) ?? textOf(fieldsOf(item.show).name),
    album: textOf(fieldsOf(item.album).name),
    releaseDate: textOf(item.release_date) ?? textOf(fieldsOf(item.album).release_date),
    totalTracks:
      numberOf(item.total_tracks) ??
      numberOf(item.total_episodes) ??
      // Playlists count theirs here; `tracks` is the older name of `items`.
      numberOf(fieldsOf(item.items).total) ??
      numberOf(fieldsOf(item.tracks).total),
    durationMs: numberOf(item.duration_ms),
    explicit: typeof item.explicit === 'boolean' ? item.explicit : null,
    url: textOf(fieldsOf(item.external_urls).spotify),
  }
}
