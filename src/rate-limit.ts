import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Context } from './context.ts'
import { SpotifyAuthError } from './errors.ts'
import { parseFields } from './fields.ts'
import type { HttpAnswer } from './http.ts'
import { makePrivateDirectories } from './private-directory.ts'
import { counted } from './terminal/counted.ts'

type Server = 'accounts' | 'api'

interface Limit {
  untilMs: number
  quota: boolean
}

/** Where a 429 is remembered until its end. */
export interface Limits {
  get(server: Server): Limit | undefined
  set(server: Server, limit: Limit): unknown
}

type Place = Pick<Context, 'env' | 'home' | 'profile' | 'now'> & {
  /** On disk where it is missing: a 429 holds for every command of the profile. */
  limits?: Limits
}

/** What to wait where Spotify does not say how long. */
const defaultWaitMs = 30_000

/** The longest that Spotify has been seen to ask for; more is a mistake that must not lock anybody out. */
const longestWaitMs = 86_400_000

/** Throws `rate_limited` while an earlier 429 of that server holds. */
export function respectRateLimit(place: Place, server: Server): void {
  const limit = holding(place, server)
  if (limit) throw rateLimited(limit.untilMs - place.now(), limit.quota)
}

/** Remembers a 429 and returns it as an error; `Retry-After` is in seconds, missing at times, or a date. */
export function rememberRateLimit(place: Place, server: Server, answer: HttpAnswer): SpotifyAuthError {
  const now = place.now()
  // Another command may have been told to wait longer meanwhile.
  const earlier = holding(place, server)
  const waitMs = readRetryAfter(String(answer.headers['retry-after'] ?? ''), now)
  const limit = {
    untilMs: Math.max(now + waitMs, earlier?.untilMs ?? 0),
    quota: answer.body.includes('QUOTA_EXCEEDED') || earlier?.quota === true,
  }
  limitsOf(place).set(server, limit)
  return rateLimited(limit.untilMs - now, limit.quota)
}

/** A 429 that still holds; one that would hold longer than any was written by another clock. */
function holding(place: Place, server: Server): Limit | undefined {
  const limit = limitsOf(place).get(server)
  const leftMs = limit ? limit.untilMs - place.now() : 0
  return leftMs > 0 && leftMs <= longestWaitMs ? limit : undefined
}

function limitsOf(place: Place): Limits {
  return place.limits ?? limitsOnDisk(place)
}

function limitsOnDisk({ env, home, profile }: Place): Limits {
  const fileOf = (server: Server) => join(home, 'limits', `${profile}.${server}.json`)
  return {
    get(server) {
      let text: string
      try {
        text = readFileSync(fileOf(server), 'utf8')
      } catch {
        return undefined
      }
      const { until_ms, quota } = parseFields(text)
      return typeof until_ms === 'number' ? { untilMs: until_ms, quota: quota === true } : undefined
    },
    set(server, { untilMs, quota }) {
      // A login without a file writes none here either.
      if (env.SPOTIFY_REFRESH_TOKEN) return
      const file = fileOf(server)
      const temporary = `${file}.tmp`
      try {
        makePrivateDirectories(home, dirname(file))
        writeFileSync(temporary, JSON.stringify({ until_ms: untilMs, quota }), { mode: 0o600 })
        renameSync(temporary, file)
      } catch {
        // Then every command finds out for itself.
      }
    },
  }
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
