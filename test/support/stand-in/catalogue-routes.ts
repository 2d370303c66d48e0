import { performer } from '../fixtures.ts'
import { catalogue, tracksOf } from '../stand-in-catalogue.ts'
import { type Call, ok, Refusal, type Route } from './api-route.ts'
import { page } from './paging.ts'
import { album, song, type Track } from './shapes.ts'

type Kind = keyof typeof catalogue

/** Finds what has every word of the query in its name or in those of its artists. */
export const search: Route = (call) => {
  const words = call.query.get('q')?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
  if (words.length === 0) throw new Refusal(400, 'No search query')
  const kinds = readKinds(call.query)
  const found = kinds.map((kind) => {
    const things: Named[] = catalogue[kind]
    const hits = things.filter((thing) => words.every((word) => textOf(thing).includes(word)))
    return [kind, page(call, hits, { usual: 5, most: 10 })]
  })
  return ok(Object.fromEntries(found))
}

export const oneArtist: Route = (call) => ok(find('artists', call))

export const oneTrack: Route = (call) => ok(find('tracks', call))

export const oneAlbum: Route = (call) => {
  const album = find('albums', call)
  const tracks = { ...call, path: `${call.path}/tracks`, query: new URLSearchParams() }
  return ok({
    ...album,
    copyrights: [{ text: '2021 Harbour Light Audio', type: 'C' }],
    external_ids: { upc: '3760000000017' },
    genres: [],
    label: 'Harbour Light Audio',
    popularity: 31,
    tracks: page(tracks, tracksOf(album).map(short), { usual: 50, most: 50 }),
  })
}

export const albumTracks: Route = (call) => {
  const tracks = tracksOf(find('albums', call)).map(short)
  return ok(page(call, tracks, { usual: 20, most: 50 }))
}

export const artistAlbums: Route = (call) => {
  const { id } = find('artists', call)
  const groups = call.query.get('include_groups')?.split(',')
  const albums = catalogue.albums
    .filter(({ artists }) => artists.some((artist) => artist.id === id))
    .filter(({ album_type }) => groups?.includes(album_type) ?? true)
    .map((album) => ({ ...album, album_group: album.album_type }))
  return ok(page(call, albums, { usual: 5, most: 10 }))
}

/** A library of 1,000 tracks, of which only the asked for are made. */
export const savedTracks: Route = (call) => {
  const numbers = Array.from({ length: 1_000 }, (_, index) => index + 1)
  const { items, ...rest } = page(call, numbers, { usual: 20, most: 50 })
  const attic = album('Attic Shelf', [performer], { total_tracks: numbers.length })
  const saved = items.map((number) => ({
    added_at: new Date(Date.UTC(2026, 8, 1) - number * 3_600_000).toISOString(),
    track: song(attic, number, `Nocturne No. ${number}`),
  }))
  return ok({ ...rest, items: saved })
}

interface Named {
  name: string
  artists?: { name: string }[]
}

function textOf({ name, artists = [] }: Named): string {
  return [name, ...artists.map(({ name }) => name)].join('\n').toLowerCase()
}

function readKinds(query: URLSearchParams): Kind[] {
  const types = query.get('type')?.split(',') ?? []
  if (types.length === 0) throw new Refusal(400, 'Missing parameter type')
  return types.map((type) => {
    const kind = `${type}s`
    if (!Object.hasOwn(catalogue, kind)) throw new Refusal(400, `Bad search type field ${type}`)
    return kind as Kind
  })
}

/** What the id in `/v1/KIND/ID…` stands for. */
function find<K extends 'artists' | 'albums' | 'tracks'>(
  kind: K,
  { path }: Call,
): (typeof catalogue)[K][number] {
  const [, , , id] = path.split('/')
  const things: (typeof catalogue)[K][number][] = catalogue[kind]
  const found = things.find((thing) => thing.id === id)
  if (!found) throw new Refusal(404, 'Resource not found')
  return found
}

/** The short form of a track, which an album holds. */
function short({ album: _, external_ids: __, popularity: ___, ...rest }: Track) {
  return rest
}
