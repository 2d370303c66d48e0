import { createHash } from 'node:crypto'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** An id as Spotify makes them, 22 characters of base62, and the same one for the same text. */
export function idOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 22)
  return Array.from(bytes, (byte) => base62[byte % base62.length]).join('')
}

/** What everything that has an id has. */
export function link(type: string, id: string) {
  return {
    external_urls: { spotify: `https://open.spotify.com/${type}/${id}` },
    href: `https://api.spotify.com/v1/${type}s/${id}`,
    id,
    type,
    uri: `spotify:${type}:${id}`,
  }
}

/** An artist in the short form that albums and tracks hold. */
export function artist(id: string, name: string) {
  return { ...link('artist', id), name }
}

/** An album in the short form that lists and tracks hold. */
export function album(
  name: string,
  artists: Artist[],
  { album_type = 'album', total_tracks }: { album_type?: string; total_tracks: number },
) {
  return {
    ...link('album', idOf(`album ${name}`)),
    album_type,
    artists,
    available_markets: ['DE', 'FR', 'GB', 'US'],
    images: images('ab67616d', hashOf(name)),
    name,
    release_date: '2021-06-04',
    release_date_precision: 'day',
    total_tracks,
  }
}

/** A track of an album, by the artists of the album. */
export function song(album: Album, track_number: number, name: string) {
  return {
    ...link('track', idOf(`track ${track_number} of ${album.id}`)),
    album,
    artists: album.artists,
    available_markets: album.available_markets,
    disc_number: 1,
    duration_ms: 180_000 + 1_000 * track_number,
    explicit: false,
    external_ids: { isrc: `GBX7621${String(track_number).padStart(5, '0')}` },
    is_local: false,
    name,
    popularity: 20,
    preview_url: null,
    track_number,
  }
}

/** A playlist in the short form that lists hold. */
export function playlist({
  id,
  name,
  owner,
  total,
  collaborative = false,
  public: isPublic = true,
}: {
  id: string
  name: string
  owner: { id: string; display_name: string }
  total: number
  collaborative?: boolean
  public?: boolean
}) {
  const listed = link('playlist', id)
  const items = { href: `${listed.href}/items`, total }
  return {
    ...listed,
    collaborative,
    description: 'Slow songs for a late watch.',
    images: images('ab67706c', hashOf(name)),
    items,
    name,
    owner: { ...link('user', owner.id), display_name: owner.display_name },
    public: isPublic,
    snapshot_id: 'AAAAB2pQ7mXcR2nTb8wLsVd1KzE',
    tracks: items,
  }
}

export type Artist = ReturnType<typeof artist>
export type Album = ReturnType<typeof album>
export type Track = ReturnType<typeof song>

export function images(prefix: string, hash: string) {
  return [640, 300, 64].map((size) => ({
    url: `https://i.scdn.co/image/${prefix}${size.toString(16).padStart(8, '0')}${hash}`,
    height: size,
    width: size,
  }))
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}
