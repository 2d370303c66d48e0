import { expect, it } from 'vitest'
import { readReference } from '../../src/choose/reference.ts'

const id = '6tJw2CkQe8Vn4gXsRy0MhU'
const album = { type: 'album', id, uri: `spotify:album:${id}` }

it.each([
  `spotify:album:${id}`,
  `https://open.spotify.com/album/${id}`,
  `http://open.spotify.com/album/${id}/`,
  `open.spotify.com/album/${id}`,
  `https://open.spotify.com/album/${id}?si=0a1b2c3d4e5f6071&utm_source=copy-link`,
  `https://open.spotify.com/intl-de/album/${id}`,
  `https://open.spotify.com/intl-pt-br/album/${id}?si=0a1b`,
  `https://open.spotify.com/embed/album/${id}#top`,
])('%s is an album, whatever was expected', (text) => {
  expect(readReference(text, 'track')).toEqual(album)
})

it.each(['artist', 'album', 'track', 'playlist', 'episode', 'show'] as const)(
  'reads a URI of the type %s',
  (type) => {
    const uri = `spotify:${type}:${id}`
    expect(readReference(uri, 'artist')).toEqual({ type, id, uri })
  },
)

it('reads the long URI of a playlist as its short one', () => {
  const uri = `spotify:playlist:${id}`
  expect(readReference(`spotify:user:ada.lovelace:playlist:${id}`, 'track')).toEqual({
    type: 'playlist',
    id,
    uri,
  })
})

it('takes an id alone as one of the type that is expected', () => {
  expect(readReference(id, 'artist')).toEqual({ type: 'artist', id, uri: `spotify:artist:${id}` })
})

it.each([
  '',
  'clair de lune',
  id.slice(1),
  `${id}0`,
  `${id.slice(1)}-`,
  `spotify:album:${id}0`,
  `spotify:poem:${id}`,
  `spotify:user:ada:${id}`,
  `spotify:album:${id}\n`,
  `spotify:album:../${id.slice(3)}`,
  `https://open.spotify.com/album/${id}0`,
  `https://open.spotify.com/album/${id}/../../me`,
  `https://open.spotify.com.example/album/${id}`,
  `https://example/open.spotify.com/album/${id}`,
  `https://openxspotify.com/album/${id}`,
  `see https://open.spotify.com/album/${id}`,
])('%j names nothing', (text) => {
  expect(readReference(text, 'track')).toBeUndefined()
})
