import { SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'
import type { Credential } from '../session/credential.ts'
import type { AnyWebApi } from './web-api.ts'

/** A request of the Web API. */
export interface ApiRequest {
  /** `GET` where it is missing. */
  method?: string
  /** The path below `/v1`, such as `/me`, which may have a query. */
  path: string
  /** The JSON text to send. */
  body?: string
  /** The scope that the request needs: without it, it fails with `missing_scope` before it is sent. */
  scope?: string
  /** Sends the request once more, a second later, where Spotify fails or no response arrives; for requests that change nothing. */
  retry?: boolean
}

/**
 * Makes one request, and returns its response where that is a success.
 * Throws what `sendRequest` throws, and what any other response means.
 */
export async function callApi(api: AnyWebApi, request: ApiRequest): Promise<HttpResponse> {
  const response = await sendRequest(api, request)
  await requireSuccess(api, response, request)
  return response
}

/**
 * Makes one request, and returns its response whatever the status. A 401 leads to one refresh and one repeat.
 * Throws what keeps the login from being used, and `missing_scope`, without a request, when `scope` was not granted.
 */
export async function sendRequest(api: AnyWebApi, request: ApiRequest): Promise<HttpResponse> {
  const { clientId } = await api.credentials.stored()
  await api.limits.respect(request, clientId)
  let credential = await api.credentials.getValid()
  if (request.scope) await checkScope(api, credential, request.scope)
  const sendOnce = () => send(api, request, credential)
  let response = await (request.retry ? (await import('./retry.ts')).withRetry(sendOnce) : sendOnce())
  if (response.status === 401) {
    credential = await api.credentials.refresh(credential)
    response = await sendOnce()
  }
  return response
}

/** Throws `missing_scope` when the login is known to lack it, so that a command fails before the user has chosen anything. */
export async function requireScope(api: AnyWebApi, scope: string): Promise<void> {
  await checkScope(api, await api.credentials.getValid(), scope)
}

async function checkScope(api: AnyWebApi, { scopes }: Credential, scope: string): Promise<void> {
  if (scopes.length === 0 || scopes.includes(scope)) return
  const { MissingScope } = await import('./api-error.ts')
  throw new MissingScope(api, scope)
}

/** Makes one request and reads its JSON; undefined for a response without a body. Throws as `callApi` does, and `unavailable`. */
export async function getJson(api: AnyWebApi, request: ApiRequest): Promise<unknown> {
  return readJson(await callApi(api, request))
}

/** The JSON of a response; undefined where it has no body. Throws `unavailable` for what is not JSON. */
export function readJson({ status, body }: HttpResponse): unknown {
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

async function send(
  { apiUrl, request, limits }: Pick<AnyWebApi, 'apiUrl' | 'request' | 'limits'>,
  { method, path, body }: ApiRequest,
  { accessToken, clientId }: Credential,
): Promise<HttpResponse> {
  const headers: Record<string, string> = { authorization: `Bearer ${accessToken}` }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const response = await request(`${apiUrl}${path}`, { method, headers, body })
  if (response.status === 429) await limits.remember({ path }, clientId, response)
  return response
}

/** Throws what the response to a request means where it is not a success. */
export async function requireSuccess(
  api: Pick<AnyWebApi, 'now' | 'commandLine' | 'credentials'>,
  response: HttpResponse,
  request: Pick<ApiRequest, 'path' | 'scope'>,
): Promise<void> {
  if (response.status >= 200 && response.status < 300) return
  const { apiError } = await import('./api-error.ts')
  throw apiError(api, response, request, (await api.credentials.stored()).scopes)
}
