import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'
import { respectRateLimit } from '../rate-limit.ts'
import type { Credential } from '../session/credential.ts'
import { type Login, openSession, renewSession, type World as SessionWorld } from '../session/session.ts'

export type World = SessionWorld &
  Pick<Context, 'apiUrl'> & {
    /** The profile's stored one where it is missing. */
    login?: Login
  }

/** A request of the Web API; `path` starts with a slash, lies below `/v1`, and may have a query. */
export interface ApiRequest {
  method?: string
  path: string
  /** JSON. */
  body?: string
  /** The scope that it is known to need. */
  scope?: string
  /** Ask once more where Spotify fails: for what changes nothing. A renewal of the token is never repeated. */
  retry?: boolean
}

/** One request on the stored login; returns an answer of success, and throws what `askApi` and `checkAnswer` throw. */
export async function callApi(world: World, request: ApiRequest): Promise<HttpAnswer> {
  const answer = await askApi(world, request)
  await checkAnswer(world, answer, request.scope)
  return answer
}

/**
 * The same, returning whatever Spotify answers. A 401 is answered by one renewal and one repeat.
 * Throws the errors of a session, and `missing_scope`, without a request, when `scope` was not granted.
 */
export async function askApi(world: World, request: ApiRequest): Promise<HttpAnswer> {
  respectRateLimit(world, 'api')
  const login = loginOf(world)
  let credential = await login.open()
  if (request.scope) await checkScope(world, credential, request.scope)
  const ask = () => send(world, request, credential)
  let answer = await (request.retry ? (await import('./retry.ts')).retrying(ask) : ask())
  if (answer.status === 401) {
    credential = await login.renew(credential)
    answer = await ask()
  }
  return answer
}

async function checkScope(world: World, { scope: granted }: Credential, scope: string): Promise<void> {
  if (granted.length === 0 || granted.includes(scope)) return
  throw (await import('./api-error.ts')).missingScope(world, scope)
}

/** Throws `missing_scope` when the login is known to lack it: nobody is to choose in vain. */
export async function requireScope(world: World, scope: string): Promise<void> {
  await checkScope(world, await loginOf(world).open(), scope)
}

/** The world's login: that of the profile where it has none of its own. */
export function loginOf(world: World): Login {
  return (
    world.login ?? {
      open: () => openSession(world),
      renew: (refused) => renewSession(world, refused),
    }
  )
}

/** One GET; undefined for an answer without a body. */
export async function getJson(world: World, request: ApiRequest): Promise<unknown> {
  return readJson(await callApi(world, request))
}

/** One GET with the access token at hand, which is not renewed. */
export async function getJsonAs(world: World, path: string, credential: Credential): Promise<unknown> {
  respectRateLimit(world, 'api')
  const answer = await send(world, { path }, credential)
  await checkAnswer(world, answer)
  return readJson(answer)
}

/** Throws `unavailable` for what is not JSON. */
export function readJson({ status, body }: HttpAnswer): unknown {
  if (status === 204) return undefined
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new SpotifyAuthError('unavailable', 'Spotify answered with something that is not JSON.', {
      hint: 'A captive portal or proxy may be in between; try again later.',
      cause,
    })
  }
}

function send({ apiUrl, request }: World, { method, path, body }: ApiRequest, { accessToken }: Credential) {
  const headers: Record<string, string> = { authorization: `Bearer ${accessToken}` }
  if (body !== undefined) headers['content-type'] = 'application/json'
  return request(`${apiUrl}${path}`, { method, headers, body })
}

/** Throws what an answer that is not a success means. */
export async function checkAnswer(world: World, answer: HttpAnswer, scope?: string): Promise<void> {
  if (answer.status >= 200 && answer.status < 300) return
  throw (await import('./api-error.ts')).apiError(world, answer, scope)
}
