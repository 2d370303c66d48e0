import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { type Device, listDevices } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { namesOf } from './label.ts'

/** Finds a device by its name, part of its name, or its id, and returns the id. Throws `not_found`, with the names of all devices. */
export async function findDevice(api: WebApi, nameOrId: string): Promise<string> {
  // An id needs no look-up, and so not the scope for one.
  if (/^[0-9a-f]{40}$/.test(nameOrId)) return nameOrId
  if (nameOrId === '') throw new SpotifyAuthError('usage', '--device takes a name or an id.')
  const devices = await listDevices(api)
  const wanted = nameOrId.toLowerCase()
  const named = devices.filter(({ id, name }) => id === nameOrId || name.toLowerCase() === wanted)
  const alike = devices.filter(({ name }) => name.toLowerCase().includes(wanted))
  const fitting = named.length > 0 ? named : alike
  if (fitting.length === 1 && fitting[0]) return idOf(api, fitting[0])
  throw new SpotifyAuthError(
    'not_found',
    fitting.length > 1
      ? `Several devices fit "${sanitize(nameOrId)}".`
      : `None of your devices is "${sanitize(nameOrId)}".`,
    { hint: choiceOf(api, fitting.length > 1 ? fitting : devices) },
  )
}

/** Finds the only device that can be woken, and returns its id. Throws `no_active_device`, with the choice, when there are none or several. */
export async function findOnlyDevice(api: WebApi): Promise<string> {
  const devices = await listDevices(api)
  const usable = devices.filter(({ id, isRestricted }) => id !== null && !isRestricted)
  if (usable.length === 1 && usable[0]) return idOf(api, usable[0])
  throw new SpotifyAuthError('no_active_device', 'None of your devices is active.', {
    hint: choiceOf(api, usable),
  })
}

function idOf(api: WebApi, { id, name, isRestricted }: Device): string {
  if (id !== null && !isRestricted) return id
  throw new SpotifyAuthError('forbidden', `${sanitize(name)} cannot be controlled from here.`, {
    hint: `Choose another one: ${api.commandLine('devices')}`,
  })
}

function choiceOf(api: WebApi, devices: Device[]): string {
  if (devices.length === 0) return 'Open Spotify on a phone, a computer or a speaker, then try again.'
  return `Choose one: ${api.commandLine('play --device NAME')} with ${namesOf(devices)}.`
}
