import { SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'
import { rateLimited, readLimit } from '../network/rate-limited.ts'
import { readScopes, wordFor } from '../oauth/scopes.ts'
import { fieldsOf } from '../untrusted/fields.ts'
import { quote } from '../untrusted/quote.ts'
import type { AnyWebApi } from './web-api.ts'

type Hinting = Pick<AnyWebApi, 'commandLine'>

const dashboard = 'https://developer.spotify.com/dashboard'

/** What the player's reasons mean (developer.spotify.com/documentation/web-api/concepts/api-calls). */
const reasons: Record<string, string> = {
  ALREADY_PAUSED: 'It is paused already.',
  NO_NEXT_TRACK: 'There is no next track.',
  NO_PREV_TRACK: 'There is no previous track.',
  DEVICE_NOT_CONTROLLABLE: 'This device cannot be controlled from here.',
  VOLUME_CONTROL_DISALLOW: 'The volume of this device cannot be set from here.',
  // Spotify says this of most failures, such as playing what plays already.
  UNKNOWN: 'The player cannot do that now: perhaps it does so already, or an advertisement is in the way.',
}

/** What the response to a request of the Web API means that is not a success, with a login of the `granted` scopes. */
export function apiError(
  api: Pick<AnyWebApi, 'now' | 'commandLine'>,
  response: HttpResponse,
  request: { path: string; scope?: string },
  granted: readonly string[],
): SpotifyAuthError {
  const { status } = response
  const { scope } = request
  const { message, reason } = readError(response.body)
  const said = message && `: ${message}`
  if (status === 401 && !/permission/i.test(message)) {
    return new SpotifyAuthError(
      'login_required',
      'Spotify does not accept a token that it has just issued.',
      { hint: api.commandLine && `Run: ${api.commandLine('login')}` },
    )
  }
  if (status === 429) {
    const { what, forMs } = readLimit(request, response, api.now())
    return rateLimited(what, forMs, api.now())
  }
  if (reason === 'NO_ACTIVE_DEVICE') {
    return new SpotifyAuthError('no_active_device', 'None of your devices is active.', {
      hint: `Open Spotify on one of them${api.commandLine ? `, or wake one: ${api.commandLine('play --device NAME')}` : '.'}`,
    })
  }
  if (reason === 'PREMIUM_REQUIRED') {
    return new SpotifyAuthError('premium_required', 'This needs Spotify Premium.', {
      hint: 'Spotify lets programs control the player of Premium accounts only.',
    })
  }
  if (status === 401 || (status === 403 && /scope/i.test(message))) {
    return scope && granted.includes(scope)
      ? missingAnother(api, scope, granted)
      : new MissingScope(api, scope)
  }
  const known = reason && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined
  if (known) {
    return new SpotifyAuthError('forbidden', known, { hint: onAnotherDevice(api, reason), reason })
  }
  if (status === 403)
    return new SpotifyAuthError('forbidden', `Spotify refused${said}.`, {
      hint: reason ? undefined : whyForbidden(message, request.path),
    })
  if (status === 404) return new SpotifyAuthError('not_found', `Spotify found nothing there${said}.`)
  if (status >= 400 && status < 500) {
    return new SpotifyAuthError('api_error', `Spotify refused with status ${status}${said}.`)
  }
  return new SpotifyAuthError('unavailable', `Spotify answered with status ${status}.`, {
    hint: 'Try again later.',
  })
}

/** The login lacks a scope. The hint is the login command that adds it to those that were granted. */
export class MissingScope extends SpotifyAuthError {
  /** Undefined where Spotify refuses without saying which. */
  readonly scope: string | undefined
  /** What a login is to add: the scope, or a set that it belongs to. */
  readonly word: string | undefined

  constructor(api: Hinting, scope?: string) {
    const message = scope
      ? `This needs the scope ${scope}, which was not granted.`
      : 'This needs a scope that was not granted; the page of the request at developer.spotify.com names it.'
    // The commands of a purpose need several between them: one login for all.
    const word = scope && wordFor(scope)
    super('missing_scope', message, {
      hint: api.commandLine && `Run: ${api.commandLine(`login --scope +${word ?? 'SCOPE'}`)}`,
    })
    this.scope = scope
    this.word = word
  }
}

/** Spotify asks for a scope, though the one is granted that the request is known to need. */
function missingAnother(api: Hinting, scope: string, granted: readonly string[]): SpotifyAuthError {
  const word = wordFor(scope)
  const isMore = readScopes([`+${word}`], granted).length > granted.length
  return new SpotifyAuthError(
    'missing_scope',
    `This needs a scope besides ${scope}, which was granted; the page of the request at developer.spotify.com names it.`,
    { hint: api.commandLine && `Run: ${api.commandLine(`login --scope +${isMore ? word : 'SCOPE'}`)}` },
  )
}

function onAnotherDevice(api: Hinting, reason: string | undefined): string | undefined {
  const ofDevice = reason === 'DEVICE_NOT_CONTROLLABLE' || reason === 'VOLUME_CONTROL_DISALLOW'
  return ofDevice && api.commandLine
    ? `Move to another one: ${api.commandLine('play --device NAME')}`
    : undefined
}

/** In development mode these 403s come as plain text. */
function whyForbidden(message: string, path: string): string {
  if (/premium/i.test(message)) return `The app's owner needs Spotify Premium: ${dashboard}`
  if (/registered|dashboard/i.test(message))
    return `Add your account to the app's list of users: ${dashboard}`
  if (path.startsWith('/playlists/'))
    return 'What is in a playlist can be seen and changed by those who own or share it.'
  return `In development mode the app's owner needs Premium, and you must be on the app's list of users: ${dashboard}`
}

/** The API's errors are JSON, some 403s are plain text, and proxies in between answer in HTML. */
function readError(body: string): { message: string; reason: string | undefined } {
  let message: unknown
  let reason: unknown
  try {
    ;({ message, reason } = fieldsOf(fieldsOf(JSON.parse(body)).error))
  } catch {
    message = body.trimStart().startsWith('<') ? '' : body.trim()
  }
  const text = typeof message === 'string' ? quote(message).replace(/\.$/, '') : ''
  return { message: text, reason: typeof reason === 'string' ? reason : undefined }
}
