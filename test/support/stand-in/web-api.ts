import type { Provider } from 'oidc-provider'
import { listeners } from '../cast.ts'
import type { Listening } from '../stand-in-player.ts'
import { type Answer, type Call, ok, Refusal, type Route } from './api-route.ts'
import {
  albumTracks,
  artistAlbums,
  oneAlbum,
  oneArtist,
  oneTrack,
  savedTracks,
  search,
} from './catalogue-routes.ts'
import {
  addItems,
  contains,
  makePlaylist,
  playlistItems,
  playlists,
  recentlyPlayed,
  remove,
  save,
  topArtists,
  topTracks,
} from './library-routes.ts'
import { matchesTemplate } from './path-template.ts'
import {
  devices,
  enqueue,
  getCurrentlyPlaying,
  obey,
  pause,
  play,
  playbackState,
  queue,
  repeat,
  seek,
  shuffle,
  volume,
} from './player-routes.ts'

const playing = 'user-read-currently-playing'
const state = 'user-read-playback-state'
const control = 'user-modify-playback-state'
const changeSaved = 'user-library-modify'
const readPlaylists = 'playlist-read-private'
const changePlaylists = ['playlist-modify-private', 'playlist-modify-public']

/** Each route with the scopes that it needs, all of them. The first that fits answers. */
const routes: Record<string, [Route, ...scopes: string[]]> = {
  'GET /v1/me': [({ accountId }) => ok(profileOf(accountId))],
  'GET /v1/me/tracks': [savedTracks, 'user-library-read'],
  'GET /v1/me/library/contains': [contains, 'user-library-read'],
  'PUT /v1/me/library': [save, changeSaved],
  'DELETE /v1/me/library': [remove, changeSaved],
  'GET /v1/me/playlists': [playlists, readPlaylists],
  'POST /v1/me/playlists': [makePlaylist, ...changePlaylists],
  'GET /v1/playlists/{id}/items': [playlistItems, readPlaylists],
  'POST /v1/playlists/{id}/items': [addItems, ...changePlaylists],
  'GET /v1/me/player/recently-played': [recentlyPlayed, 'user-read-recently-played'],
  'GET /v1/me/top/tracks': [topTracks, 'user-top-read'],
  'GET /v1/me/top/artists': [topArtists, 'user-top-read'],
  'GET /v1/search': [search],
  'GET /v1/artists/{id}': [oneArtist],
  'GET /v1/artists/{id}/albums': [artistAlbums],
  'GET /v1/albums/{id}': [oneAlbum],
  'GET /v1/albums/{id}/tracks': [albumTracks],
  'GET /v1/tracks/{id}': [oneTrack],
  'GET /v1/me/player': [playbackState, state],
  'GET /v1/me/player/currently-playing': [getCurrentlyPlaying, playing],
  'GET /v1/me/player/devices': [devices, state],
  'GET /v1/me/player/queue': [queue, playing, state],
  'POST /v1/me/player/queue': [enqueue, control],
  'PUT /v1/me/player/play': [play, control],
  'PUT /v1/me/player/pause': [pause, control],
  'PUT /v1/me/player/seek': [seek, control],
  'PUT /v1/me/player/volume': [volume, control],
  'PUT /v1/me/player/shuffle': [shuffle, control],
  'PUT /v1/me/player/repeat': [repeat, control],
  'PUT /v1/me/player/{command}': [obey, control],
  'POST /v1/me/player/{command}': [obey, control],
}

/** What is known of a request before its access token has been looked at. */
type Asked = Omit<Call, 'accountId' | 'listening'>

/** Answers a request to the Web API the way api.spotify.com does. */
export async function answerApi(
  provider: Provider,
  authorization: string | undefined,
  asked: Asked,
  listeningOf: (accountId: string) => Listening,
  count: (clientId: string, path: string) => void,
): Promise<Answer> {
  try {
    const [route, { accountId, clientId }] = await letIn(provider, authorization, asked)
    count(clientId, asked.path)
    return route({ ...asked, accountId, listening: listeningOf(accountId) })
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}

async function letIn(
  provider: Provider,
  authorization: string | undefined,
  { method, path }: Asked,
): Promise<[Route, { accountId: string; clientId: string }]> {
  const found = Object.entries(routes).find(([template]) => matchesTemplate(template, `${method} ${path}`))
  if (!found) throw new Refusal(404, 'Service not found')
  if (!authorization) throw new Refusal(401, 'No token provided')
  const value = authorization.replace(/^Bearer /, '')
  const token = await provider.AccessToken.find(value, { ignoreExpiration: true })
  if (!token) throw new Refusal(401, 'Invalid access token')
  if (token.isExpired) throw new Refusal(401, 'The access token expired')
  const [, [route, ...scopes]] = found
  if (!scopes.every((scope) => token.scopes.has(scope))) throw new Refusal(403, 'Insufficient client scope')
  return [route, { accountId: token.accountId, clientId: token.clientId ?? '' }]
}

function profileOf(accountId: string) {
  return {
    ...listeners.find(({ id }) => id === accountId),
    account_id: 'aB3dE5fG7h',
    external_urls: { spotify: `https://open.spotify.com/user/${accountId}` },
    followers: { href: null, total: 1842 },
    href: `https://api.spotify.com/v1/users/${accountId}`,
    images: [
      { url: 'https://i.scdn.co/image/ab6775700000ee85ada0000000000000000000001', height: 300, width: 300 },
    ],
    type: 'user',
    uri: `spotify:user:${accountId}`,
  }
}
