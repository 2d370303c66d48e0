import { artist, images } from './stand-in/shapes.ts'

export const performer = artist('4pQ7mXcR2nTb8wLsVd1KzE', 'Marisol Vantreight')
export const composer = artist('1Kr9uZdWq3Yh6oPtNf5BxA', 'Claude Debussy')

/** The album of the track, in its short form. */
export const suite = {
  album_type: 'album',
  artists: [performer, composer],
  available_markets: ['DE', 'FR', 'GB', 'US'],
  external_urls: { spotify: 'https://open.spotify.com/album/6tJw2CkQe8Vn4gXsRy0MhU' },
  href: 'https://api.spotify.com/v1/albums/6tJw2CkQe8Vn4gXsRy0MhU',
  id: '6tJw2CkQe8Vn4gXsRy0MhU',
  images: images('ab67616d', '9f31c07ad25e4b6810de73f2'),
  name: 'Suite bergamasque',
  release_date: '2019-03-22',
  release_date_precision: 'day',
  total_tracks: 4,
  type: 'album',
  uri: 'spotify:album:6tJw2CkQe8Vn4gXsRy0MhU',
}

/** A track that plays. */
export const track = {
  timestamp: 1_790_000_000_000,
  context: {
    type: 'album',
    href: suite.href,
    external_urls: suite.external_urls,
    uri: suite.uri,
  },
  progress_ms: 83_417,
  is_playing: true,
  item: {
    album: suite,
    artists: [performer, composer],
    available_markets: suite.available_markets,
    disc_number: 1,
    duration_ms: 304_160,
    explicit: false,
    external_ids: { isrc: 'FRX761900173' },
    external_urls: { spotify: 'https://open.spotify.com/track/3vHx5LqZs7Ea9bNcTf2WkP' },
    href: 'https://api.spotify.com/v1/tracks/3vHx5LqZs7Ea9bNcTf2WkP',
    id: '3vHx5LqZs7Ea9bNcTf2WkP',
    is_local: false,
    name: 'Clair de lune',
    popularity: 61,
    preview_url: null,
    track_number: 3,
    type: 'track',
    uri: 'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP',
  },
  currently_playing_type: 'track',
  actions: { disallows: { resuming: true } },
}

/** The same track, paused. */
export const pausedTrack = {
  ...track,
  is_playing: false,
  actions: { disallows: { pausing: true } },
}

/** The podcast of the episode. */
export const show = {
  available_markets: ['DE', 'FR', 'GB', 'US'],
  copyrights: [],
  description: 'Two sailors read old logbooks aloud and find out what happened next.',
  explicit: false,
  external_urls: { spotify: 'https://open.spotify.com/show/7cBn1RwYk4Xd8pLzGs6QvT' },
  href: 'https://api.spotify.com/v1/shows/7cBn1RwYk4Xd8pLzGs6QvT',
  html_description: '<p>Two sailors read old logbooks aloud and find out what happened next.</p>',
  id: '7cBn1RwYk4Xd8pLzGs6QvT',
  images: images('ab6765630', '4c82e61fb09d37a5f1c86e2'),
  is_externally_hosted: false,
  languages: ['en'],
  media_type: 'audio',
  name: 'The Logbook Hour',
  publisher: 'Harbour Light Audio',
  total_episodes: 58,
  type: 'show',
  uri: 'spotify:show:7cBn1RwYk4Xd8pLzGs6QvT',
}

/** An episode of a podcast. */
export const episode = {
  timestamp: 1_790_000_360_000,
  context: { type: 'show', href: show.href, external_urls: show.external_urls, uri: show.uri },
  progress_ms: 1_204_880,
  is_playing: true,
  item: {
    audio_preview_url: null,
    description: 'A whaler of 1846 notes a light that was on no chart.',
    duration_ms: 2_731_500,
    explicit: false,
    external_urls: { spotify: 'https://open.spotify.com/episode/2mTq8VjXh5Rc1yKwLb9NeZ' },
    href: 'https://api.spotify.com/v1/episodes/2mTq8VjXh5Rc1yKwLb9NeZ',
    html_description: '<p>A whaler of 1846 notes a light that was on no chart.</p>',
    id: '2mTq8VjXh5Rc1yKwLb9NeZ',
    images: images('ab6765630', 'd7015b93e84fa26c0b9e417'),
    is_externally_hosted: false,
    is_playable: true,
    language: 'en',
    languages: ['en'],
    name: 'A Light off the Azores',
    release_date: '2026-04-09',
    release_date_precision: 'day',
    show,
    type: 'episode',
    uri: 'spotify:episode:2mTq8VjXh5Rc1yKwLb9NeZ',
  },
  currently_playing_type: 'episode',
  actions: { disallows: { resuming: true } },
}

/** An advertisement: nothing is said about what it is. */
export const ad = {
  timestamp: 1_790_000_720_000,
  context: null,
  progress_ms: 4_210,
  is_playing: true,
  item: null,
  currently_playing_type: 'ad',
  actions: { disallows: { resuming: true, seeking: true, skipping_next: true } },
}

/** A file of the listener's own: a track without an id or a link. */
export const localFile = {
  timestamp: 1_790_001_080_000,
  context: null,
  progress_ms: 12_000,
  is_playing: true,
  item: {
    album: {
      album_type: null,
      artists: [],
      available_markets: [],
      external_urls: {},
      href: null,
      id: null,
      images: [],
      name: 'Attic Tapes',
      release_date: null,
      release_date_precision: null,
      type: 'album',
      uri: null,
    },
    artists: [
      { external_urls: {}, href: null, id: null, name: 'The Winter Quartet', type: 'artist', uri: null },
    ],
    available_markets: [],
    disc_number: 0,
    duration_ms: 187_000,
    explicit: false,
    external_ids: {},
    external_urls: {},
    href: null,
    id: null,
    is_local: true,
    name: 'Der Leiermann',
    popularity: 0,
    preview_url: null,
    track_number: 0,
    type: 'track',
    uri: 'spotify:local:The+Winter+Quartet:Attic+Tapes:Der+Leiermann:187',
  },
  currently_playing_type: 'track',
  actions: { disallows: { resuming: true } },
}

/** Something plays that Spotify has no name for. */
export const unknownItem = {
  timestamp: 1_790_001_440_000,
  context: null,
  progress_ms: null,
  is_playing: true,
  item: null,
  currently_playing_type: 'unknown',
  actions: { disallows: {} },
}
