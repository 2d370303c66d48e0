import type { SpotifyAuthError } from '../errors.ts'
import { type Asked, families } from './families.ts'
import type { HttpResponse } from './http.ts'
import { type LimitMemory, leftOf } from './limit-memory.ts'
import { type Closable, closes, rateLimited, readLimit } from './rate-limited.ts'

/** What an app may not ask for now. */
export interface Closed {
  what: Closable
  leftMs: number
}

const closables: Closable[] = ['accounts', 'api', ...families]

/** All that is closed for an app. */
export function closedFor(memory: LimitMemory, nowMs: number, clientId: string): Closed[] {
  return closables
    .map((what) => ({ what, leftMs: leftOf(memory.get(nameOf(what, clientId)), nowMs) }))
    .filter(({ leftMs }) => leftMs > 0)
}

/** Throws `rate_limited` while what is asked is closed, and forgets the limits that are over. */
export async function respectLimits(
  memory: LimitMemory,
  nowMs: number,
  asked: Asked,
  clientId: string,
): Promise<void> {
  for (const name of closables.map((what) => nameOf(what, clientId))) {
    const limit = memory.get(name)
    if (limit && limit.setAtMs + limit.forMs <= nowMs) await memory.delete(name)
  }
  const closed = closedFor(memory, nowMs, clientId).find(({ what }) => closes(what, asked))
  if (closed) throw rateLimited(closed.what, closed.leftMs, nowMs)
}

/** Remembers a 429 and returns it as an error. */
export async function rememberLimit(
  memory: LimitMemory,
  nowMs: number,
  asked: Asked,
  clientId: string,
  response: HttpResponse,
): Promise<SpotifyAuthError> {
  const limit = readLimit(asked, response, nowMs)
  const name = nameOf(limit.what, clientId)
  // Another command may have been told to wait longer meanwhile.
  const forMs = Math.max(limit.forMs, leftOf(memory.get(name), nowMs))
  await memory.set(name, { setAtMs: nowMs, forMs })
  return rateLimited(limit.what, forMs, nowMs)
}

function nameOf(what: Closable, clientId: string): string {
  return `${clientId}.${what}`
}
