import { expect, it } from 'vitest'
import { jsonFields, percentOf, templateFieldNames, templateFields } from '../../src/now-playing/fields.ts'
import { viewAt } from '../../src/now-playing/view.ts'
import { isPlayback, readPlayback } from '../../src/web-api/playback.ts'
import { ad, episode, localFile, track, unknownItem } from '../support/fixtures.ts'

const fetchedAtMs = 1_790_000_000_500
const view = (body: unknown) => viewAt(readPlayback(body, fetchedAtMs), fetchedAtMs)

/** The fields of a template, of the track that plays. */
const texts: Record<string, string | undefined> = {
  title: 'Clair de lune',
  artist: 'Marisol Vantreight',
  artists: 'Marisol Vantreight, Claude Debussy',
  album: 'Suite bergamasque',
  show: '',
  state: 'playing',
  icon: '▶',
  progress: '1:23',
  duration: '5:04',
  remaining: '3:40',
  percent: '27',
  bar: '━━━───────',
  device: '',
  url: 'https://open.spotify.com/track/3vHx5LqZs7Ea9bNcTf2WkP',
  uri: 'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP',
  id: '3vHx5LqZs7Ea9bNcTf2WkP',
  type: 'track',
  image: track.item.album.images[0]?.url,
  liked: '',
  stale: '',
}

/** The members of the JSON, of the same track. */
const members = {
  playing: true,
  state: 'playing',
  type: 'track',
  title: 'Clair de lune',
  artists: ['Marisol Vantreight', 'Claude Debussy'],
  album: 'Suite bergamasque',
  show: null,
  progress_ms: 83_417,
  duration_ms: 304_160,
  url: 'https://open.spotify.com/track/3vHx5LqZs7Ea9bNcTf2WkP',
  uri: 'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP',
  id: '3vHx5LqZs7Ea9bNcTf2WkP',
  image: track.item.album.images[0]?.url,
  device: null,
  explicit: false,
  fetched_at: 1_790_000_000.5,
}

it('every field of a template has a text that is expected, and no other has', () => {
  expect(Object.keys(texts).toSorted()).toEqual(templateFieldNames.toSorted())
})

it.each(Object.entries(texts))('{%s} is %j', (name, text) => {
  expect(text).toBeDefined()
  expect(templateFields[name]?.(view(track)) ?? '').toBe(text)
})

it('the JSON has every member that is expected, and no other', () => {
  expect(JSON.parse(JSON.stringify(jsonFields(view(track))))).toEqual(members)
})

it('every field of a playback is a member of the JSON', () => {
  const members = Object.keys(jsonFields(view(track)))
  const missing = Object.keys(readPlayback(track, fetchedAtMs))
    .map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace('_at_ms', '_at'))
    .filter((name) => !members.includes(name))
  expect(missing).toEqual([])
})

it.each(Object.entries({ ad, episode, localFile, track, unknownItem, 'an empty response': {} }))(
  'what Spotify does not say of %s is null, and nothing in a template',
  (_, body) => {
    const playback = readPlayback(body, fetchedAtMs)
    expect(isPlayback(playback)).toBe(true)
    const odd = templateFieldNames.filter((name) =>
      /undefined|null|NaN/.test(templateFields[name]?.(view(body)) ?? ''),
    )
    expect(odd).toEqual([])
  },
)

it('the progress is 0 percent where the length is not known', () => {
  expect(percentOf(view(ad))).toBe(0)
})
