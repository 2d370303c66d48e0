import { episode } from '../fixtures.ts'
import { catalogue } from '../stand-in-catalogue.ts'
import type { Device } from '../stand-in-player.ts'
import { type Answer, type Call, ok, Refusal, type Route } from './api-route.ts'
import { readOneOf, readWhole } from './query.ts'

const done: Answer = { status: 204 }

export const getCurrentlyPlaying: Route = (call) =>
  call.listening.playback === undefined ? done : ok(heard(call))

export const devices: Route = ({ listening }) => ok({ devices: listening.player.devices })

/** Like what is currently playing, with where and how; without an active device nothing plays. */
export const playbackState: Route = (call) => {
  const { playback, player } = call.listening
  const device = player.devices.find(({ is_active }) => is_active)
  if (playback === undefined || !device) return done
  return ok({ device, repeat_state: player.repeat, shuffle_state: player.shuffle, ...heard(call) })
}

export const queue: Route = ({ listening: { playback, player } }) =>
  ok({ currently_playing: (playback as Playback | undefined)?.item ?? null, queue: player.queue })

export const play: Route = command((call, device) => {
  if (call.body && !isJson(call.body)) throw new Refusal(400, 'Malformed json')
  const { player } = call.listening
  player.devices = player.devices.map((each) => ({ ...each, is_active: each === device }))
  change(call, { is_playing: true })
})

export const pause: Route = command((call) => {
  const playback = call.listening.playback as Playback | undefined
  if (playback?.is_playing === false) {
    throw new Refusal(403, 'Player command failed: Already paused', 'ALREADY_PAUSED')
  }
  change(call, { is_playing: false })
})

/** A command that changes nothing a test looks at, such as a skip: it is let in, or refused, as any other. */
export const obey: Route = command(() => {})

export const seek: Route = command((call) => {
  change(call, { progress_ms: readWhole(call.query, 'position_ms', {}) })
})

export const volume: Route = command(({ query, listening: { player } }, device) => {
  const volume_percent = readWhole(query, 'volume_percent', { most: 100 })
  if (!device.supports_volume) {
    const message = 'Player command failed: Cannot control device volume'
    throw new Refusal(403, message, 'VOLUME_CONTROL_DISALLOW')
  }
  player.devices = player.devices.map((each) => (each === device ? { ...each, volume_percent } : each))
})

export const shuffle: Route = command(({ query, listening: { player } }) => {
  player.shuffle = readOneOf(query, 'state', ['true', 'false']) === 'true'
})

export const repeat: Route = command(({ query, listening: { player } }) => {
  player.repeat = readOneOf(query, 'state', ['track', 'context', 'off'])
})

export const enqueue: Route = command(({ query, listening: { player } }) => {
  const uri = query.get('uri')
  const item = [...catalogue.tracks, episode.item].find((each) => each.uri === uri)
  if (!item) throw new Refusal(400, `Invalid track uri: ${uri}`)
  player.queue = [...player.queue, item]
})

/** What the player's routes know of a playback, which a test may have made up. */
interface Playback {
  currently_playing_type?: string
  is_playing?: boolean
  item?: unknown
}

/** The playback; an episode is shown to those who ask for episodes. */
function heard({ query, listening }: Call): object {
  const playback = listening.playback as Playback
  const isEpisode = playback?.currently_playing_type === 'episode'
  const takesEpisodes = query.get('additional_types')?.split(',').includes('episode')
  return isEpisode && !takesEpisodes ? { ...playback, item: null } : playback
}

/** A route that controls a device: the one of the query, or else the active one. */
function command(run: (call: Call, device: Device) => void): Route {
  return (call) => {
    if (!call.listening.player.premium) {
      throw new Refusal(403, 'Player command failed: Premium required', 'PREMIUM_REQUIRED')
    }
    const device = target(call)
    if (device.is_restricted) {
      throw new Refusal(403, 'Player command failed: Restriction violated', 'DEVICE_NOT_CONTROLLABLE')
    }
    run(call, device)
    return done
  }
}

function target({ query, listening: { player } }: Call): Device {
  const id = query.get('device_id')
  const device = player.devices.find((each) => (id === null ? each.is_active : each.id === id))
  if (device) return device
  if (id !== null) throw new Refusal(404, 'Device not found')
  throw new Refusal(404, 'Player command failed: No active device found', 'NO_ACTIVE_DEVICE')
}

/** Changes what plays; where nothing does, there is nothing to change. */
function change({ listening }: Call, changes: object): void {
  if (listening.playback !== undefined) listening.playback = { ...(listening.playback as object), ...changes }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
