import { fieldsOf, listOf, numberOf, textOf } from '../fields.ts'
import { getJson, type World } from './client.ts'

/** What is playing, or paused; what Spotify does not say is null. Texts are as Spotify sent them. */
export interface Playback {
  state: 'playing' | 'paused'
  type: 'track' | 'episode' | 'ad' | 'unknown'
  title: string | null
  artists: string[]
  album: string | null
  show: string | null
  progressMs: number | null
  durationMs: number | null
  /** The page at open.spotify.com; a local file has none. */
  url: string | null
  uri: string | null
  id: string | null
  /** The largest cover. */
  image: string | null
  device: string | null
  explicit: boolean | null
  fetchedAtMs: number
}

/** What is playing (`GET /me/player/currently-playing`); undefined when nothing is. Needs `user-read-currently-playing`. */
export async function currentlyPlaying(world: World): Promise<Playback | undefined> {
  // Without `additional_types` Spotify hides episodes.
  const answer = await getJson(world, {
    path: '/me/player/currently-playing?additional_types=track,episode',
    scope: 'user-read-currently-playing',
  })
  return answer === undefined ? undefined : readPlayback(answer, world.now())
}

/** Reads an answer of the player field by field: anything in it may be missing. */
export function readPlayback(answer: unknown, fetchedAtMs: number): Playback {
  const body = fieldsOf(answer)
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
