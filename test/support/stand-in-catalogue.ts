import { listener } from './cast.ts'
import { composer, episode, performer, show, suite, track } from './fixtures.ts'
import {
  type Album,
  type Artist,
  album,
  artist,
  hashOf,
  idOf,
  images,
  playlist,
  song,
  type Track,
} from './stand-in/shapes.ts'

/** An artist with 23 albums: three pages of ten. */
export const fogbound = band('The Fogbound Trio')

const midori = band('坂本みどり')
const layla = band('ليلى الحكيم')
const saguaro = band('Saguaro 🌵 Sound System')
const keeper = band('Ingrid Fyr')

/** An album of 120 tracks: three pages of fifty. */
export const ledger = release(
  'The Lighthouse Ledger',
  [keeper],
  Array.from({ length: 120 }, (_, index) => `Entry ${index + 1}`),
)

/** Its one track has a name that would colour a terminal and break its line. */
export const hostile = release('Sirens', [keeper], ['Siren \u001b[31mRed\nSecond Line'])

const releases: Release[] = [
  {
    album: suite,
    tracks: [song(suite, 1, 'Prélude'), song(suite, 2, 'Menuet'), track.item, song(suite, 4, 'Passepied')],
  },
  ...Array.from({ length: 23 }, (_, index) =>
    release(`Fog Signal No. ${index + 1}`, [fogbound], ['Outbound', 'Inbound']),
  ),
  ledger,
  hostile,
  release('夜の港', [midori], ['波止場', '灯台']),
  release('ليل المرفأ', [layla], ['ضوء بعيد']),
  release('Cactus in Bloom 🌸', [saguaro], ['Prickly 🌵'], 'single'),
]

/** All the music there is, in the forms in which a search finds it. */
export const catalogue = {
  artists: [performer, composer, fogbound, midori, layla, saguaro, keeper].map(inFull),
  albums: releases.map(({ album }) => album),
  tracks: releases.flatMap(({ tracks }) => tracks),
  playlists: [
    playlist({ id: idOf('playlist Harbour Nights'), name: 'Harbour Nights', owner: listener, total: 12 }),
  ],
  shows: [show],
  episodes: [withoutShow(episode.item)],
  audiobooks: [],
}

export function tracksOf({ id }: Album): Track[] {
  return catalogue.tracks.filter(({ album }) => album.id === id)
}

interface Release {
  album: Album
  tracks: Track[]
}

function band(name: string): Artist {
  return artist(idOf(`artist ${name}`), name)
}

function release(name: string, artists: Artist[], titles: string[], album_type = 'album'): Release {
  const released = album(name, artists, { album_type, total_tracks: titles.length })
  return { album: released, tracks: titles.map((title, index) => song(released, index + 1, title)) }
}

function inFull(short: Artist) {
  return {
    ...short,
    followers: { href: null, total: 4_210 },
    genres: ['harbour ambient'],
    images: images('ab676161', hashOf(short.name)),
    popularity: 37,
  }
}

function withoutShow({ show: _, ...rest }: typeof episode.item) {
  return rest
}
