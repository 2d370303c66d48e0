import { listeners } from '../cast.ts'
import { episode } from '../fixtures.ts'
import { catalogue } from '../stand-in-catalogue.ts'
import { playlist as createPlaylist, type Playlist } from '../stand-in-library.ts'
import { type Call, ok, Refusal, type Route } from './api-route.ts'
import { page } from './paging.ts'
import { readWhole } from './query.ts'
import { hashOf, idOf, link, playlist as shape } from './shapes.ts'

export const save: Route = (call) => {
  for (const uri of readUris(call)) call.listening.library.saved.add(uri)
  return { status: 200 }
}

export const remove: Route = (call) => {
  for (const uri of readUris(call)) call.listening.library.saved.delete(uri)
  return { status: 200 }
}

export const contains: Route = (call) => {
  const { saved } = call.listening.library
  return ok(readUris(call, '|artist').map((uri) => saved.has(uri)))
}

export const playlists: Route = (call) =>
  ok(page(call, call.listening.library.playlists.map(inShort), { usual: 20, most: 50 }))

export const makePlaylist: Route = (call) => {
  const { name, public: isPublic = true } = readBody(call)
  if (typeof name !== 'string' || name === '') throw new Refusal(400, 'Missing required field: name')
  const { library } = call.listening
  const owner = listeners.find(({ id }) => id === call.accountId)
  const id = idOf(`playlist ${name} ${library.playlists.length}`)
  const made = createPlaylist(name, { id, owner, public: isPublic === true })
  library.playlists.unshift(made)
  const path = `/v1/playlists/${id}/items`
  const items = page({ ...call, path, query: new URLSearchParams() }, [], { usual: 100, most: 100 })
  return {
    status: 201,
    body: { ...inShort(made), followers: { href: null, total: 0 }, items, tracks: items },
  }
}

export const playlistItems: Route = (call) => {
  const entries = find(call).entries.map((item) => ({
    added_at: '2026-05-02T19:31:07Z',
    added_by: link('user', call.accountId),
    is_local: item !== null && 'is_local' in item && item.is_local,
    item,
    track: item,
  }))
  return ok(page(call, entries, { usual: 20, most: 50 }))
}

export const addItems: Route = (call) => {
  const { uris } = readBody(call)
  if (!Array.isArray(uris) || uris.length === 0) throw new Refusal(400, 'No uris provided')
  if (uris.length > 100) throw new Refusal(400, 'Too many ids requested')
  const playlist = find(call)
  const added = uris.map((uri) => {
    const item = [...catalogue.tracks, episode.item].find((each) => each.uri === uri)
    if (!item) throw new Refusal(400, `Invalid track uri: ${uri}`)
    return item
  })
  playlist.entries.push(...added)
  return { status: 201, body: { snapshot_id: hashOf(`${playlist.id} ${playlist.entries.length}`) } }
}

export const recentlyPlayed: Route = (call) => {
  const { query, origin, path } = call
  const limit = readWhole(query, 'limit', { least: 1, most: 50, usual: 20 })
  const latest = Date.UTC(2026, 10, 26, 21, 14, 3, 581)
  const items = call.listening.library.heard.slice(0, limit).map((track, index) => ({
    track,
    played_at: new Date(latest - index * 60_000).toISOString(),
    context: null,
  }))
  const cursors = { after: String(latest), before: String(latest - (items.length - 1) * 60_000) }
  const next = `${origin}${path}?before=${cursors.before}&limit=${limit}`
  return ok({ href: `${origin}${path}?limit=${limit}`, limit, next, cursors, items })
}

export const topTracks: Route = (call) =>
  ok(page(call, inRange(call, catalogue.tracks), { usual: 20, most: 50 }))

export const topArtists: Route = (call) =>
  ok(page(call, inRange(call, catalogue.artists), { usual: 20, most: 50 }))

/** Another order for each range, so that a test sees which was asked for. */
function inRange<T>({ query }: Call, list: readonly T[]): T[] {
  const shift = { short_term: 2, medium_term: 0, long_term: 1 }[query.get('time_range') ?? 'medium_term']
  if (shift === undefined) throw new Refusal(400, 'Invalid time_range')
  return [...list.slice(shift), ...list.slice(0, shift)]
}

function readUris({ query }: Call, more = ''): string[] {
  const uris = query.get('uris')?.split(',').filter(Boolean) ?? []
  if (uris.length === 0) throw new Refusal(400, 'Missing required field: uris')
  if (uris.length > 40) throw new Refusal(400, 'Too many uris requested')
  const known = new RegExp(`^spotify:(track|album|episode|show|audiobook|user|playlist${more}):\\w+$`)
  const unknown = uris.find((uri) => !known.test(uri))
  if (unknown) throw new Refusal(400, `Invalid uri: ${unknown}`)
  return uris
}

function readBody({ body }: Call): Record<string, unknown> {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal(400, 'Error parsing JSON.')
  }
}

/** The playlist of `/v1/playlists/ID…`; what is in it is for its owner and for those who may add to it. */
function find({ path, accountId, listening }: Call): Playlist {
  const [, , , id] = path.split('/')
  const found = listening.library.playlists.find((each) => each.id === id)
  if (!found) throw new Refusal(404, 'Resource not found')
  if (found.owner.id !== accountId && !found.collaborative) throw new Refusal(403, 'Forbidden')
  return found
}

function inShort(playlist: Playlist) {
  return shape({ ...playlist, total: playlist.entries.length })
}
