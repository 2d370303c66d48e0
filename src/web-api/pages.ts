import { SpotifyAuthError } from '../errors.ts'
import { fieldsOf, listOf, numberOf, textOf } from '../untrusted/fields.ts'
import { circle } from './circle.ts'
import { getJson } from './client.ts'
import { queryOf } from './query.ts'
import type { WebApi } from './web-api.ts'

/** Called after each page with how many there are so far, and in all. */
export type Progress = (found: number, total: number) => void

/** A list that Spotify gives page by page. */
interface Pages<T> {
  path: string
  query?: Record<string, string>
  /** The scope that it is known to need. */
  scope?: string
  /** The largest page that Spotify gives. */
  pageSize: number
  /** Reads what stands in the list; undefined for what cannot be shown. */
  read(value: unknown): T | undefined
}

/** Lists what is on the pages, at most `limit` of it. */
export async function list<T>(
  api: WebApi,
  { path, query, scope, pageSize, read }: Pages<T>,
  limit: number,
  tell?: Progress,
): Promise<T[]> {
  const items: T[] = []
  for (let offset = 0, hasMore = true; hasMore && offset < limit; offset += pageSize) {
    const size = Math.min(pageSize, limit - offset)
    const request = { path: path + queryOf({ ...query, limit: size, offset }), scope, retry: true }
    const page = readPage(requireItems(await getJson(api, request)), read, offset)
    items.push(...page.items)
    hasMore = page.hasMore
    tell?.(items.length, page.total ?? limit)
  }
  return items
}

/** An empty list may be the reason to make something: what is none is not taken for one. */
function requireItems(page: unknown): unknown {
  if (Array.isArray(fieldsOf(page).items)) return page
  throw new SpotifyAuthError('unavailable', 'Spotify answered with something that is not a list.', {
    hint: 'Try again later.',
  })
}

/** Reads the page of a list that begins at `offset`. Throws `api_error` for one whose next page does not lie behind it. */
export function readPage<T>(value: unknown, read: (item: unknown) => T | undefined, offset: number) {
  const page = fieldsOf(value)
  const next = textOf(page.next)
  const [, nextOffset] = /[?&]offset=(\d+)/.exec(next ?? '') ?? []
  if (next !== null && Number(nextOffset) <= offset) throw circle(next)
  return {
    // Lists have null where an item may not be shown.
    items: listOf(page.items).flatMap((item) => read(item) ?? []),
    total: numberOf(page.total),
    hasMore: next !== null,
  }
}
