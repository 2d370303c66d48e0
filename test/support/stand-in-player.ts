import type { Library } from './stand-in-library.ts'

/** A device of Spotify Connect. */
export interface Device {
  /** Null for a device that takes no commands. */
  id: string | null
  is_active: boolean
  is_private_session: boolean
  is_restricted: boolean
  name: string
  type: string
  volume_percent: number | null
  supports_volume: boolean
}

/** What there is to play on; a test sets what it likes. */
interface Player {
  devices: Device[]
  /** Tracks and episodes. */
  queue: unknown[]
  /** Whether the listener pays. */
  premium: boolean
  shuffle: boolean
  repeat: string
}

/** What a listener hears, where, and what else is the listener's. */
export interface Listening {
  /** The body of `GET /v1/me/player/currently-playing`; undefined is 204. */
  playback: unknown
  player: Player
  library: Library
}

/** The device that plays. */
export const kitchen: Device = {
  id: '5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e',
  is_active: true,
  is_private_session: false,
  is_restricted: false,
  name: 'Kitchen',
  type: 'Speaker',
  volume_percent: 40,
  supports_volume: true,
}

/** A device that idles. */
export const laptop: Device = {
  ...kitchen,
  id: 'c1e0d27f94b83a65f0972d4ce8b15a3f6d8820b7',
  is_active: false,
  name: 'Ada’s Laptop',
  type: 'Computer',
  volume_percent: 65,
}

export function createPlayer(): Player {
  return { devices: [kitchen, laptop], queue: [], premium: true, shuffle: false, repeat: 'off' }
}
