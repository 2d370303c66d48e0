import { type Context, commandLine } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'
import { rememberRateLimit, respectRateLimit } from '../rate-limit.ts'
import type { Credential } from '../session/credential.ts'
import { openSession, renewSession, type World as SessionWorld } from '../session/session.ts'
import { sanitize } from '../terminal/sanitize.ts'

type World = SessionWorld & Pick<Context, 'apiUrl'>

/**
 * One GET of the Web API on the stored login; undefined for 204. A 401 is answered by one renewal and one repeat.
 * `path` starts with a slash and lies below `/v1`. Throws the errors of a session and of the API, and
 * `missing_scope`, without a request, when `scope` was not granted.
 */
export async function getJson(world: World, path: string, scope?: string): Promise<unknown> {
  respectRateLimit(world, 'api')
  let credential = await openSession(world)
  if (scope && credential.scope.length > 0 && !credential.scope.includes(scope))
    throw missingScope(world, scope)
  let answer = await send(world, path, credential)
  if (answer.status === 401) {
    credential = await renewSession(world, credential)
    answer = await send(world, path, credential)
  }
  return readJson(world, answer, scope)
}

/** One GET with the access token at hand, which is not renewed. */
export async function getJsonAs(world: World, path: string, credential: Credential): Promise<unknown> {
  respectRateLimit(world, 'api')
  return readJson(world, await send(world, path, credential))
}

function readJson(world: World, answer: HttpAnswer, scope?: string): unknown {
  if (answer.status === 204) return undefined
  if (answer.status !== 200) throw apiError(world, answer, scope)
  try {
    return JSON.parse(answer.body)
  } catch (cause) {
    throw new SpotifyAuthError('unavailable', 'Spotify answered with something that is not JSON.', {
      hint: 'A captive portal or proxy may be in between; try again later.',
      cause,
    })
  }
}

function send({ apiUrl, request }: World, path: string, { accessToken }: Credential): Promise<HttpAnswer> {
  return request(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${accessToken}` } })
}

function apiError(world: World, answer: HttpAnswer, scope?: string): SpotifyAuthError {
  const { status, body } = answer
  const message = sanitize(errorMessage(body)).slice(0, 200)
  if (status === 401) {
    return new SpotifyAuthError(
      'login_required',
      'Spotify does not accept a token that it has just issued.',
      {
        hint: `Run: ${commandLine(world, 'login')}`,
      },
    )
  }
  if (status === 403 && /scope/i.test(message)) {
    return missingScope(world, scope)
  }
  if (status === 403) {
    return new SpotifyAuthError('forbidden', `Spotify refused${message && `: ${message}`}.`, {
      hint: "In development mode the app's owner needs Premium, and you must be on the app's list of users: https://developer.spotify.com/dashboard",
    })
  }
  if (status === 404)
    return new SpotifyAuthError('not_found', `Spotify found nothing there${message && `: ${message}`}.`)
  if (status === 429) return rememberRateLimit(world, 'api', answer)
  if (status >= 400 && status < 500) {
    return new SpotifyAuthError(
      'api_error',
      `Spotify refused with status ${status}${message && `: ${message}`}.`,
    )
  }
  return new SpotifyAuthError('unavailable', `Spotify answered with status ${status}.`, {
    hint: 'Try again later.',
  })
}

function missingScope(world: World, scope?: string): SpotifyAuthError {
  const message = scope ? `This needs the scope ${scope}, which was not granted.` : 'Spotify misses a scope.'
  return new SpotifyAuthError('missing_scope', message, {
    hint: `Run: ${commandLine(world, `login --scope +${scope ?? 'SCOPE'}`)}`,
  })
}

/** The API's errors are JSON, some 403s are plain text, and what stands in between answers in HTML. */
function errorMessage(body: string): string {
  try {
    const message: unknown = JSON.parse(body)?.error?.message
    return typeof message === 'string' ? message.replace(/\.$/, '') : ''
  } catch {
    return body.trimStart().startsWith('<') ? '' : body.trim().replace(/\.$/, '')
  }
}
