import { fieldsOf, listOf, numberOf, textOf } from '../untrusted/fields.ts'
import { getJson } from './client.ts'
import { list, type Progress, readPage } from './pages.ts'
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
  /** When it was played, in ISO 8601; only where that was asked for. */
  playedAt?: string | null
}

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
      await getJson(api, {
        path: `/search${queryOf({ q: query, type: open.join(','), limit: size, offset })}`,
        retry: true,
      }),
    )
    const pages = open.map((type) => ({ type, page: readPage(response[`${type}s`], as(type), offset) }))
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
  const query = { include_groups: 'album,single' }
  const path = `/artists/${artistId}/albums`
  return list(api, { path, query, read: as('album'), pageSize: pageSizes.albums }, limit, tell)
}

/** Lists the tracks of an album in their order (`GET /albums/{id}/tracks`). */
export function listTracks(api: WebApi, albumId: string, limit: number, tell?: Progress): Promise<Item[]> {
  const path = `/albums/${albumId}/tracks`
  return list(api, { path, read: as('track'), pageSize: pageSizes.tracks }, limit, tell)
}

/** A reader of items that are of this type where they do not say so. */
export function as(type: ItemType) {
  return (value: unknown): Item | undefined => readItem(value, type)
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
