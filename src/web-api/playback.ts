import { fieldsOf, listOf, numberOf, textOf } from '../untrusted/fields.ts'
import { getJson } from './client.ts'
import type { AnyWebApi } from './web-api.ts'

/** What is playing, or paused; what Spotify does not say is null. Texts are as Spotify sent them. */
export interface Playback {
  /** Whether it plays at the moment. */
  state: 'playing' | 'paused'
  /** What kind of thing it is. */
  type: 'track' | 'episode' | 'ad' | 'unknown'
  /** The name of the track or episode; null for an ad. */
  title: string | null
  /** The names of the artists of a track, in Spotify's order; empty for anything else. */
  artists: string[]
  /** The name of the album of a track. */
  album: string | null
  /** The name of the show of an episode. */
  show: string | null
  /** How far it had got when Spotify was asked, in milliseconds. */
  progressMs: number | null
  /** Its length in milliseconds. */
  durationMs: number | null
  /** The page at open.spotify.com; a local file has none. */
  url: string | null
  /** Such as `spotify:track:…`. */
  uri: string | null
  /** The last part of the URI; a local file has none. */
  id: string | null
  /** The address of the largest cover. */
  image: string | null
  /** The name of the device. */
  device: string | null
  /** Whether it is marked as explicit. */
  explicit: boolean | null
  /** When Spotify was asked, in Unix milliseconds. */
  fetchedAtMs: number
}

/**
 * Asks what is playing (`GET /me/player/currently-playing`); undefined when nothing is.
 * Needs the scope `user-read-currently-playing`.
 */
export async function getCurrentlyPlaying(api: AnyWebApi): Promise<Playback | undefined> {
  // Without `additional_types` Spotify hides episodes.
  const body = await getJson(api, {
    path: '/me/player/currently-playing?additional_types=track,episode',
    scope: 'user-read-currently-playing',
  })
  return body === undefined ? undefined : readPlayback(body, api.now())
}

/** Reads a response of the player field by field: anything in it may be missing. */
export function readPlayback(response: unknown, fetchedAtMs: number): Playback {
  const body = fieldsOf(response)
  const item = fieldsOf(body.item)
  const show = fieldsOf(item.show)
  const album = fieldsOf(item.album)
  const covers = [album.images, item.images, show.images].find((images) => listOf(images).length > 0)
  return {
    state: body.is_playing === true ? 'playing' : 'paused',
    type: readType(body.currently_playing_type),
    title: textOf(item.name),
    artists: listOf(item.artists).flatMap((artist) => textOf(fieldsOf(artist).name) ?? []),
    album: textOf(album.name),
    show: textOf(show.name),
    progressMs: numberOf(body.progress_ms),
    durationMs: numberOf(item.duration_ms),
    url: textOf(fieldsOf(item.external_urls).spotify),
    uri: textOf(item.uri),
    id: textOf(item.id),
    image: textOf(fieldsOf(listOf(covers)[0]).url),
    device: textOf(fieldsOf(body.device).name),
    explicit: typeof item.explicit === 'boolean' ? item.explicit : null,
    fetchedAtMs,
  }
}

function readType(value: unknown): Playback['type'] {
  return value === 'track' || value === 'episode' || value === 'ad' ? value : 'unknown'
}

const isText = (value: unknown) => value === null || typeof value === 'string'
const isNumber = (value: unknown) => value === null || Number.isFinite(value)

/** What each field may be; the type demands a line for every field of `Playback`. */
const checks: Record<keyof Playback, (value: unknown) => boolean> = {
  state: (value) => value === 'playing' || value === 'paused',
  type: (value) => value === 'unknown' || readType(value) === value,
  title: isText,
  artists: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  album: isText,
  show: isText,
  progressMs: isNumber,
  durationMs: isNumber,
  url: isText,
  uri: isText,
  id: isText,
  image: isText,
  device: isText,
  explicit: (value) => value === null || typeof value === 'boolean',
  fetchedAtMs: Number.isFinite,
}

/** Whether something that was read from a file is a whole `Playback`, checked field by field. */
export function isPlayback(value: unknown): value is Playback {
  const fields = fieldsOf(value)
  return Object.entries(checks).every(([name, check]) => check(fields[name]))
}
