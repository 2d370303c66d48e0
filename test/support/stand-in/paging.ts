import type { Call } from './api-route.ts'
import { readWhole } from './query.ts'

/** The page of a list that the query asks for, with links that lead back to the stand-in. */
export function page<T>(
  { origin, path, query }: Pick<Call, 'origin' | 'path' | 'query'>,
  list: readonly T[],
  { usual, most }: { usual: number; most: number },
) {
  const limit = readWhole(query, 'limit', { least: 1, most, usual })
  const offset = readWhole(query, 'offset', { usual: 0 })
  const total = list.length
  const href = (offset: number) => {
    const moved = new URLSearchParams(query)
    moved.set('offset', String(offset))
    moved.set('limit', String(limit))
    return `${origin}${path}?${moved}`
  }
  return {
    href: href(offset),
    items: list.slice(offset, offset + limit),
    limit,
    next: offset + limit < total ? href(offset + limit) : null,
    offset,
    previous: offset > 0 ? href(Math.max(0, offset - limit)) : null,
    total,
  }
}
