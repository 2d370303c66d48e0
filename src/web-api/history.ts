import { fieldsOf, listOf, textOf } from '../untrusted/fields.ts'
import { as, type Item, readItem } from './catalogue.ts'
import { getJson } from './client.ts'
import { list, type Progress } from './pages.ts'
import { queryOf } from './query.ts'
import type { WebApi } from './web-api.ts'

/** The most that Spotify gives in one request; of what was played last, the most that it gives at all. */
export const most = 50

/** Spotify's spans of time: about 4 weeks, 6 months, a year. */
export const ranges = ['short', 'medium', 'long'] as const

/** Lists the tracks that were played last, the latest first; no podcasts (`GET /me/player/recently-played`). */
export async function listRecentlyPlayed(api: WebApi, limit: number): Promise<Item[]> {
  const body = await getJson(api, {
    path: `/me/player/recently-played${queryOf({ limit })}`,
    scope: 'user-read-recently-played',
    retry: true,
  })
  return listOf(fieldsOf(body).items).flatMap((entry) => {
    const { track, played_at } = fieldsOf(entry)
    const item = readItem(track, 'track')
    return item ? { ...item, playedAt: textOf(played_at) } : []
  })
}

/** Lists what the user hears most (`GET /me/top/tracks`, `/me/top/artists`). */
export function listTop(
  api: WebApi,
  what: 'tracks' | 'artists',
  range: (typeof ranges)[number],
  limit: number,
  tell?: Progress,
): Promise<Item[]> {
  const read = as(what === 'tracks' ? 'track' : 'artist')
  const query = { time_range: `${range}_term` }
  const pages = {
    path: `/me/top/${what}`,
    query,
    scope: 'user-top-read',
    pageSize: most,
    read,
  }
  return list(api, pages, limit, tell)
}
