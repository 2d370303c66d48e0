import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Context } from './context.ts'
import { SpotifyAuthError } from './errors.ts'
import { parseFields } from './fields.ts'
import type { HttpAnswer } from './http.ts'
import { makePrivateDirectories } from './private-directory.ts'
import { counted } from './terminal/counted.ts'

// A 429 holds for every command of the profile, so its end is kept on disk.

type Place = Pick<Context, 'env' | 'home' | 'profile' | 'now'>
type Server = 'accounts' | 'api'

/** What to wait where Spotify does not say how long. */
const defaultWaitMs = 30_000

/** The longest that Spotify has been seen to ask for; more is a mistake that must not lock anybody out. */
const longestWaitMs = 86_400_000

/** Throws `rate_limited` while an earlier 429 of that server holds. */
export function respectRateLimit(place: Place, server: Server): void {
  const limit = readLimit(place, server)
  if (limit) throw rateLimited(limit.leftMs, limit.quota)
}

/** A 429 that still holds; one that would hold longer than any was written by another clock. */
function readLimit(place: Place, server: Server): { leftMs: number; quota: boolean } | undefined {
  let text: string
  try {
    text = readFileSync(limitFile(place, server), 'utf8')
  } catch {
    return undefined
  }
  const { until_ms, quota } = parseFields(text)
  const leftMs = typeof until_ms === 'number' ? until_ms - place.now() : 0
  return leftMs > 0 && leftMs <= longestWaitMs ? { leftMs, quota: quota === true } : undefined
}

/** Remembers a 429 and returns it as an error; `Retry-After` is in seconds, missing at times, or a date. */
export function rememberRateLimit(place: Place, server: Server, answer: HttpAnswer): SpotifyAuthError {
  // Another command may have been told to wait longer meanwhile.
  const earlier = readLimit(place, server)
  const waitMs = Math.max(
    readRetryAfter(String(answer.headers['retry-after'] ?? ''), place.now()),
    earlier?.leftMs ?? 0,
  )
  const quota = answer.body.includes('QUOTA_EXCEEDED') || earlier?.quota === true
  const file = limitFile(place, server)
  // A login without a file writes none here either.
  if (place.env.SPOTIFY_REFRESH_TOKEN) return rateLimited(waitMs, quota)
  try {
    makePrivateDirectories(place.home, dirname(file))
    const temporary = `${file}.tmp`
    writeFileSync(temporary, JSON.stringify({ until_ms: place.now() + waitMs, quota }), { mode: 0o600 })
    renameSync(temporary, file)
  } catch {
    // Then every command finds out for itself.
  }
  return rateLimited(waitMs, quota)
}

function limitFile({ home, profile }: Place, server: Server): string {
  return join(home, 'limits', `${profile}.${server}.json`)
}

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
