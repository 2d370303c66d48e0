import { SpotifyAuthError } from '../errors.ts'
import { counted } from '../terminal/counted.ts'
import { momentOf } from '../terminal/moment.ts'
import { type Asked, type Family, familyOf } from './families.ts'
import type { HttpResponse } from './http.ts'
import { longestLimitMs } from './limit-memory.ts'

/** What a 429 closes: the accounts server, all of the Web API, or a family of its requests. */
export type Closable = 'accounts' | 'api' | Family

/** What to wait where Spotify does not say how long. */
const defaultWaitMs = 30_000

/** What the servers are for. */
export const servers = { accounts: 'logins and refreshes', api: 'the whole Web API' }

/** What a 429 closes, and for how long: a used-up quota its own family, anything else the whole server. */
export function readLimit(
  asked: Asked,
  { headers, body }: HttpResponse,
  nowMs: number,
): { what: Closable; forMs: number } {
  const server = asked === 'accounts' ? asked : 'api'
  return {
    what: body.includes('QUOTA_EXCEEDED') ? smallestOf(asked) : server,
    forMs: readRetryAfter(String(headers['retry-after'] ?? ''), nowMs),
  }
}

/** Whether a request may not be sent while this is closed. */
export function closes(what: Closable, asked: Asked): boolean {
  return what === smallestOf(asked) || (what === 'api' && asked !== 'accounts')
}

function smallestOf(asked: Asked): Closable {
  return asked === 'accounts' ? asked : familyOf(asked.path)
}

/** `Retry-After` in milliseconds: it comes in seconds, as a date, or not at all. */
function readRetryAfter(text: string, nowMs: number): number {
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return waitMs > 0 ? Math.min(waitMs, longestLimitMs) : defaultWaitMs
}

/** The error for something that stays closed for another `leftMs`. */
export function rateLimited(what: Closable, leftMs: number, nowMs: number): SpotifyAuthError {
  const hint = `Try again in ${durationOf(leftMs)}.`
  const until = momentOf(nowMs + leftMs)
  if (!isQuota(what)) {
    const message = `Spotify asks to slow down: it has closed ${servers[what]} until ${until}.`
    return new SpotifyAuthError('rate_limited', message, { hint })
  }
  return new SpotifyAuthError(
    'rate_limited',
    `The quota of your developer account is used up for ${what} requests until ${until}: in Spotify's development mode all its apps share it.`,
    { hint, reason: 'QUOTA_EXCEEDED' },
  )
}

/** Whether a used-up quota has closed this: families are closed by nothing else. */
export function isQuota(what: Closable): what is Family {
  return what !== 'accounts' && what !== 'api'
}

/** A time to wait as people read it: `12 seconds`. */
export function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 120) return counted(seconds, 'second')
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`
}
