import type { Provider } from 'oidc-provider'
import { listener } from './cast.ts'
import { matchesTemplate } from './path-template.ts'

interface Call {
  path: string
  query: URLSearchParams
  playback: unknown
}

interface Answer {
  status: number
  body?: unknown
}

interface Route {
  scope?: string
  answer: (call: Call) => Answer
}

const routes: Record<string, Route> = {
  'GET /v1/me': { answer: () => ok(profile) },
  'GET /v1/me/player/currently-playing': { scope: 'user-read-currently-playing', answer: currentlyPlaying },
}

/** Answers a request to the Web API the way api.spotify.com does. */
export async function answerApi(
  provider: Provider,
  method: string,
  authorization: string | undefined,
  call: Call,
): Promise<Answer> {
  const route = Object.entries(routes).find(([template]) =>
    matchesTemplate(template, `${method} ${call.path}`),
  )
  if (!route) return failure(404, 'Service not found')
  if (!authorization) return failure(401, 'No token provided')
  const value = authorization.replace(/^Bearer /, '')
  const token = await provider.AccessToken.find(value, { ignoreExpiration: true })
  if (!token) return failure(401, 'Invalid access token')
  if (token.isExpired) return failure(401, 'The access token expired')
  const [, { scope, answer }] = route
  if (scope && !token.scopes.has(scope)) return failure(403, 'Insufficient client scope')
  return answer(call)
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function failure(status: number, message: string): Answer {
  return { status, body: { error: { status, message } } }
}

function currentlyPlaying({ query, playback }: Call): Answer {
  if (playback === undefined) return { status: 204 }
  const isEpisode =
    (playback as { currently_playing_type?: string } | null)?.currently_playing_type === 'episode'
  const takesEpisodes = query.get('additional_types')?.split(',').includes('episode')
  return ok(isEpisode && !takesEpisodes ? { ...(playback as object), item: null } : playback)
}

const profile = {
  ...listener,
  account_id: 'aB3dE5fG7h',
  external_urls: { spotify: `https://open.spotify.com/user/${listener.id}` },
  followers: { href: null, total: 1842 },
  href: `https://api.spotify.com/v1/users/${listener.id}`,
  images: [
    { url: 'https://i.scdn.co/image/ab6775700000ee85ada0000000000000000000001', height: 300, width: 300 },
  ],
  type: 'user',
  uri: `spotify:user:${listener.id}`,
}
