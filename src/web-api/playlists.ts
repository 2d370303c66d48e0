import { SpotifyAuthError } from '../errors.ts'
import { fieldsOf, textOf } from '../untrusted/fields.ts'
import { inBatches } from './batches.ts'
import { as, type Item, readItem } from './catalogue.ts'
import { callApi, getJson, requireScope } from './client.ts'
import { list, type Progress } from './pages.ts'
import { getCurrentUser } from './profile.ts'
import type { WebApi } from './web-api.ts'

/** A playlist, and who may change it. */
interface Playlist extends Item {
  ownerId: string | null
  isCollaborative: boolean
}

const toRead = 'playlist-read-private'
const toChange = 'playlist-modify-private'

/** The most that Spotify takes, and gives, in one request. */
const most = { added: 100, listed: 50 }

/** Lists the user's own and followed playlists (`GET /me/playlists`). */
export function listPlaylists(api: WebApi, limit: number, tell?: Progress): Promise<Item[]> {
  return listMine(api, as('playlist'), limit, tell)
}

/** Lists those of them that the user owns or shares, and so may add to. */
export async function listOwnPlaylists(api: WebApi): Promise<Item[]> {
  const all = await listMine(api, readPlaylist, Number.POSITIVE_INFINITY)
  const user = (await api.credentials.stored()).user ?? (await getCurrentUser(api))
  return all.filter(({ ownerId, isCollaborative }) => isCollaborative || ownerId === user?.id)
}

/** Lists what is in a playlist of the user's (`GET /playlists/{id}/items`). */
export function listPlaylistItems(
  api: WebApi,
  playlistId: string,
  limit: number,
  tell?: Progress,
): Promise<Item[]> {
  return list(
    api,
    {
      path: `/playlists/${playlistId}/items`,
      // Without it Spotify hides episodes.
      query: { additional_types: 'track,episode' },
      scope: toRead,
      pageSize: most.listed,
      read: (entry) => readItem(fieldsOf(entry).item),
    },
    limit,
    tell,
  )
}

/** Throws `missing_scope` when the login cannot change playlists, which may be private or public. */
export async function requirePlaylistChange(api: WebApi): Promise<void> {
  await requireScope(api, toChange)
  await requireScope(api, 'playlist-modify-public')
}

/** Makes a private playlist; throws `api_error` where its id is not told (`POST /me/playlists`). */
export async function createPlaylist(api: WebApi, name: string): Promise<Item> {
  const body = JSON.stringify({ name, public: false })
  const response = await getJson(api, { method: 'POST', path: '/me/playlists', body, scope: toChange })
  const playlist = readItem(response, 'playlist')
  if (playlist?.id) return playlist
  throw new SpotifyAuthError('api_error', 'Spotify does not say which playlist it has made.')
}

/** Adds tracks and episodes to the end of a playlist, in their order (`POST /playlists/{id}/items`). */
export async function addToPlaylist(api: WebApi, playlistId: string, uris: readonly string[]): Promise<void> {
  const path = `/playlists/${playlistId}/items`
  await inBatches(uris, most.added, (some) =>
    callApi(api, { method: 'POST', path, body: JSON.stringify({ uris: some }), scope: toChange }),
  )
}

function listMine<T>(api: WebApi, read: (value: unknown) => T | undefined, limit: number, tell?: Progress) {
  return list(api, { path: '/me/playlists', scope: toRead, pageSize: most.listed, read }, limit, tell)
}

function readPlaylist(value: unknown): Playlist | undefined {
  const item = readItem(value, 'playlist')
  const { owner, collaborative } = fieldsOf(value)
  return item && { ...item, ownerId: textOf(fieldsOf(owner).id), isCollaborative: collaborative === true }
}
