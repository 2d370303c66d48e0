import { fieldsOf, listOf, numberOf, textOf } from '../untrusted/fields.ts'
import { type Item, readItem } from './catalogue.ts'
import { callApi, getJson, requireScope } from './client.ts'
import { queryOf } from './query.ts'
import type { WebApi } from './web-api.ts'

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

/** What the player does at the moment. */
export interface PlayerState {
  device: Device | undefined
  progressMs: number | null
  durationMs: number | null
  isShuffled: boolean
  repeat: Repeat
}

export const repeats = ['off', 'track', 'context'] as const

/** What is played again: nothing, the track, or the album, playlist or artist that it plays from. */
type Repeat = (typeof repeats)[number]

/** Lists the devices on which Spotify is open (`GET /me/player/devices`). */
export async function listDevices(api: WebApi): Promise<Device[]> {
  const body = await getJson(api, { path: '/me/player/devices', scope: toRead, retry: true })
  return listOf(fieldsOf(body).devices).flatMap((device) => readDevice(device) ?? [])
}

/** Asks what the player does; undefined where none is active (`GET /me/player`). */
export async function getPlayerState(api: WebApi): Promise<PlayerState | undefined> {
  // Without `additional_types` Spotify hides episodes.
  const path = '/me/player?additional_types=track,episode'
  const body = await getJson(api, { path, scope: toRead, retry: true })
  if (body === undefined) return undefined
  const { device, progress_ms, item, shuffle_state, repeat_state } = fieldsOf(body)
  return {
    device: readDevice(device),
    progressMs: numberOf(progress_ms),
    durationMs: numberOf(fieldsOf(item).duration_ms),
    isShuffled: shuffle_state === true,
    repeat: repeats.find((each) => each === repeat_state) ?? 'off',
  }
}

/** Throws `missing_scope` when the login cannot control the player. */
export function requireControl(api: WebApi): Promise<void> {
  return requireScope(api, toControl)
}

/** A command to the player, such as `PUT /me/player/pause`. */
type PlayerCommand = `${'PUT' | 'POST'} /me/player/${string}`

/** Sends a command to the player. Throws as `callApi` does. */
export async function controlPlayer(
  api: WebApi,
  command: PlayerCommand,
  query: Record<string, string | number | undefined> = {},
  body?: Playable,
): Promise<void> {
  const [method, path] = command.split(' ')
  await callApi(api, {
    method,
    path: path + queryOf(query),
    body: body && JSON.stringify(body),
    scope: toControl,
  })
}

/** Lists what comes next (`GET /me/player/queue`). */
export async function listQueue(api: WebApi): Promise<Item[]> {
  await requireScope(api, 'user-read-currently-playing')
  const body = await getJson(api, { path: '/me/player/queue', scope: toRead, retry: true })
  return listOf(fieldsOf(body).queue).flatMap((item) => readItem(item) ?? [])
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
