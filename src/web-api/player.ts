import { fieldsOf, listOf, numberOf, textOf } from '../fields.ts'
import { type Item, readItem } from './catalogue.ts'
import { callApi, getJson, requireScope, type World } from './client.ts'
import { queryOf } from './query.ts'

const toRead = 'user-read-playback-state'
const toControl = 'user-modify-playback-state'

export interface Device {
  id: string | null
  name: string
  /** `Computer`, `Smartphone`, `Speaker` and so on. */
  type: string
  isActive: boolean
  isRestricted: boolean
  volumePercent: number | null
}

/** What to play: single tracks and episodes, or a context such as an album, from one of its tracks on. */
export type Playable = { uris: string[] } | { context_uri: string; offset?: { uri: string } }

/** What the player does at the moment; undefined where none is active (`GET /me/player`). */
export interface PlayerState {
  device: Device | undefined
  progressMs: number | null
  durationMs: number | null
}

/** `GET /me/player/devices`. */
export async function listDevices(world: World): Promise<Device[]> {
  const answer = await getJson(world, { path: '/me/player/devices', scope: toRead, retry: true })
  return listOf(fieldsOf(answer).devices).flatMap((device) => readDevice(device) ?? [])
}

export async function playerState(world: World): Promise<PlayerState | undefined> {
  // Without `additional_types` Spotify hides episodes.
  const path = '/me/player?additional_types=track,episode'
  const answer = await getJson(world, { path, scope: toRead, retry: true })
  if (answer === undefined) return undefined
  const { device, progress_ms, item } = fieldsOf(answer)
  return {
    device: readDevice(device),
    progressMs: numberOf(progress_ms),
    durationMs: numberOf(fieldsOf(item).duration_ms),
  }
}

/** Throws `missing_scope` when the login cannot control the player. */
export function requireControl(world: World): Promise<void> {
  return requireScope(world, toControl)
}

/** Plays something, or goes on with what was playing; a device id wakes that device (`PUT /me/player/play`). */
export function play(world: World, what?: Playable, deviceId?: string): Promise<void> {
  return control(world, 'PUT', 'play', { device_id: deviceId }, what)
}

export function pause(world: World): Promise<void> {
  return control(world, 'PUT', 'pause')
}

export function skipToNext(world: World): Promise<void> {
  return control(world, 'POST', 'next')
}

export function skipToPrevious(world: World): Promise<void> {
  return control(world, 'POST', 'previous')
}

export function seekTo(world: World, positionMs: number): Promise<void> {
  return control(world, 'PUT', 'seek', { position_ms: positionMs })
}

/** 0 to 100. */
export function setVolume(world: World, volumePercent: number): Promise<void> {
  return control(world, 'PUT', 'volume', { volume_percent: volumePercent })
}

/** What comes next (`GET /me/player/queue`). */
export async function readQueue(world: World): Promise<Item[]> {
  await requireScope(world, 'user-read-currently-playing')
  const answer = await getJson(world, { path: '/me/player/queue', scope: toRead, retry: true })
  return listOf(fieldsOf(answer).queue).flatMap((item) => readItem(item) ?? [])
}

/** Of a track or an episode (`POST /me/player/queue`). */
export function addToQueue(world: World, uri: string): Promise<void> {
  return control(world, 'POST', 'queue', { uri })
}

async function control(
  world: World,
  method: 'PUT' | 'POST',
  command: string,
  query: Record<string, string | number | undefined> = {},
  body?: Playable,
): Promise<void> {
  await callApi(world, {
    method,
    path: `/me/player/${command}${queryOf(query)}`,
    body: body && JSON.stringify(body),
    scope: toControl,
  })
}

function readDevice(value: unknown): Device | undefined {
  const device = fieldsOf(value)
  const name = textOf(device.name)
  if (name === null) return undefined
  return {
    id: textOf(device.id),
    name,
    type: textOf(device.type) ?? '',
    isActive: device.is_active === true,
    isRestricted: device.is_restricted === true,
    volumePercent: numberOf(device.volume_percent),
  }
}
