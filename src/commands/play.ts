import { find } from '../choose/find.ts'
import { findDevice, findOnlyDevice } from '../choose/find-device.ts'
import { findPlaylist } from '../choose/find-playlist.ts'
import type { Terminal } from '../choose/pick.ts'
import { readReference } from '../choose/reference.ts'
import { type PickOptions, pickFlag } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { codeOf } from '../errors.ts'
import { canAsk } from '../terminal/prompt.ts'
import type { ItemType } from '../web-api/catalogue.ts'
import { controlPlayer, type Playable, requireControl } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { controlCommand } from './control-command.ts'
import { notBoth, type PlaylistOptions, playlistFlag } from './playlist-flag.ts'

interface PlayOptions extends PickOptions, PlaylistOptions {
  device?: string
}

export const playCommand = controlCommand<PlayOptions>({
  name: 'play',
  summary: 'play something, or go on playing',
  details: `Without an argument in a terminal it leads from an artist to an album to a track, or through a playlist of yours; elsewhere it goes on with what was playing. Needs Premium, and a device on which Spotify is open.`,
  arguments: {
    '[what...]': { describe: 'Spotify URIs, links or ids, or words: then the best match', choices: null },
  },
  flags: {
    ...playlistFlag,
    device: { value: 'NAME', describe: 'the name of a device, part of it, or its id' },
    ...pickFlag,
  },
  examples: [
    ['spotify-auth play clair de lune', 'what fits best'],
    ['spotify-auth play spotify:album:6tJw2CkQe8Vn4gXsRy0MhU --device kitchen', 'an album, in the kitchen'],
    ['spotify-auth play --playlist "harbour nights"', 'a playlist of yours'],
    ['spotify-auth search nocturne --type track --ids | xargs -r spotify-auth play', 'all that is found'],
  ],
  run: playWhat,
})

const playable = ['track', 'album', 'artist', 'playlist', 'episode', 'show'] as const

async function playWhat(context: Context, options: PlayOptions, ...words: string[]): Promise<void> {
  await requireControl(context)
  const isAsking =
    words.length === 0 && options.playlist === undefined && options.device === undefined && canAsk(context)
  const wish = isAsking
    ? await (await import('../choose/walk.ts')).walk(context)
    : { what: await readWhat(context, options, words) }
  if (wish) await start(context, wish.what, options.device)
}

async function readWhat(
  context: WebApi & Terminal,
  options: PlayOptions,
  words: string[],
): Promise<Playable | undefined> {
  if (options.playlist !== undefined) {
    notBoth(words)
    return { context_uri: (await findPlaylist(context, options.playlist, options)).uri }
  }
  if (words.length === 0 && !options.pick) return undefined
  const named = words.map((word) => readReference(word, 'track'))
  if (words.length > 1 && named.every((each) => each && isSingle(each.type))) {
    return { uris: named.map((each) => each?.uri ?? '') }
  }
  const { type, uri } = await find(context, words, playable, options)
  return isSingle(type) ? { uris: [uri] } : { context_uri: uri }
}

function isSingle(type: ItemType): boolean {
  return type === 'track' || type === 'episode'
}

/** Plays something, or what was playing before; a device id wakes that device. */
function play(api: WebApi, what?: Playable, deviceId?: string): Promise<void> {
  return controlPlayer(api, 'PUT /me/player/play', { device_id: deviceId }, what)
}

/** Plays on the device of that name, or on the active one; where none is active, the only one is woken. */
export async function start(api: WebApi, what?: Playable, device?: string): Promise<void> {
  if (device !== undefined) return play(api, what, await findDevice(api, device))
  try {
    await play(api, what)
  } catch (error) {
    if (codeOf(error) !== 'no_active_device') throw error
    await play(api, what, await findOnlyDevice(api))
  }
}
