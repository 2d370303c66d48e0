import { SpotifyAuthError } from '../errors.ts'
import { counted } from '../terminal/counted.ts'
import type { HttpResponse } from './http.ts'

type Server = 'accounts' | 'api'

/** A 429 of one of Spotify's servers that holds until an instant. */
interface Limit {
  untilMs: number
  /** It is the quota of the developer account that is used up. */
  quota: boolean
}

/** Where limits are kept until their end; a `Map` will do. */
export interface LimitMemory {
  get(server: Server): Limit | undefined
  set(server: Server, limit: Limit): unknown
}

/** The 429s that Spotify has answered with, and that still hold. */
export interface RateLimits {
  /** Throws `rate_limited` while an earlier 429 of that server holds. */
  respect(server: Server): void
  /** Remembers a 429 and returns it as an error. */
  remember(server: Server, response: HttpResponse): SpotifyAuthError
}

/** What to wait where Spotify does not say how long. */
const defaultWaitMs = 30_000

/** The longest that Spotify has been seen to ask for; more is a mistake that must not lock anybody out. */
const longestWaitMs = 86_400_000

/** Keeps to Spotify's rate limits (developer.spotify.com/documentation/web-api/concepts/rate-limits). */
export function createRateLimits(memory: LimitMemory, now: () => number): RateLimits {
  /** A limit that still holds; one that would hold longer than any was written by another clock. */
  const holding = (server: Server) => {
    const limit = memory.get(server)
    const leftMs = limit ? limit.untilMs - now() : 0
    return leftMs > 0 && leftMs <= longestWaitMs ? limit : undefined
  }
  return {
    respect(server) {
      const limit = holding(server)
      if (limit) throw rateLimited(limit.untilMs - now(), limit.quota)
    },
    remember(server, { headers, body }) {
      const nowMs = now()
      // Another command may have been told to wait longer meanwhile.
      const earlier = holding(server)
      const waitMs = readRetryAfter(String(headers['retry-after'] ?? ''), nowMs)
      const limit = {
        untilMs: Math.max(nowMs + waitMs, earlier?.untilMs ?? 0),
        quota: body.includes('QUOTA_EXCEEDED') || earlier?.quota === true,
      }
      memory.set(server, limit)
      return rateLimited(limit.untilMs - nowMs, limit.quota)
    },
  }
}

/** `Retry-After` in milliseconds: it comes in seconds, as a date, or not at all. */
function readRetryAfter(text: string, nowMs: number): number {
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return waitMs > 0 ? Math.min(waitMs, longestWaitMs) : defaultWaitMs
}

function rateLimited(leftMs: number, quota: boolean): SpotifyAuthError {
  const message = quota
    ? "The quota of your developer account is used up: all its apps share it, in Spotify's development mode."
    : 'Spotify asks to slow down.'
  return new SpotifyAuthError('rate_limited', message, { hint: `Try again in ${durationOf(leftMs)}.` })
}

function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 120) return counted(seconds, 'second')
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`
}
