import { SpotifyAuthError } from '../errors.ts'
import { counted } from '../terminal/counted.ts'
import type { HttpResponse } from './http.ts'
import type { Limit } from './limit-memory.ts'

/** What to wait where Spotify does not say how long. */
const defaultWaitMs = 30_000

/** The longest that Spotify has been seen to ask for; more is a mistake that must not lock anybody out. */
const longestWaitMs = 86_400_000

/** The limit that a 429 sets. */
export function readLimit({ headers, body }: HttpResponse, nowMs: number): Limit {
  const forMs = readRetryAfter(String(headers['retry-after'] ?? ''), nowMs)
  return { setAtMs: nowMs, forMs, quota: body.includes('QUOTA_EXCEEDED') }
}

/** `Retry-After` in milliseconds: it comes in seconds, as a date, or not at all. */
function readRetryAfter(text: string, nowMs: number): number {
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return waitMs > 0 ? Math.min(waitMs, longestWaitMs) : defaultWaitMs
}

/** A limit that holds for so long yet, as an error. */
export function rateLimited(leftMs: number, quota = false): SpotifyAuthError {
  const message = quota
    ? "The quota of your developer account is used up: all its apps share it, in Spotify's development mode."
    : 'Spotify asks to slow down.'
  return new SpotifyAuthError('rate_limited', message, { hint: `Try again in ${durationOf(leftMs)}.` })
}

/** A time to wait as people read it: `12 seconds`. */
export function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 120) return counted(seconds, 'second')
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`
}
