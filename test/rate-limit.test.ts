import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { rememberRateLimit, respectRateLimit } from '../src/rate-limit.ts'

const nowMs = Date.UTC(2026, 10, 21)

let home: string

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'spotify-auth-limit-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const place = (atMs = nowMs) => ({ env: {}, home, profile: 'default', now: () => atMs })
const answer = (seconds: number, body = '') => ({
  status: 429,
  headers: { 'retry-after': `${seconds}` },
  body,
})

function hintAt(atMs: number): string | undefined {
  try {
    respectRateLimit(place(atMs), 'api')
    return undefined
  } catch (error) {
    return (error as { hint: string }).hint
  }
}

it('holds until its end, and no longer', () => {
  rememberRateLimit(place(), 'api', answer(90))
  expect(hintAt(nowMs + 30_000)).toBe('Try again in 60 seconds.')
  expect(hintAt(nowMs + 89_000)).toBe('Try again in 1 second.')
  expect(hintAt(nowMs + 90_000)).toBeUndefined()
})

it('is not shortened by a later one', () => {
  rememberRateLimit(place(), 'api', answer(3600, 'QUOTA_EXCEEDED'))
  const later = rememberRateLimit(place(nowMs + 1_000), 'api', answer(5))
  expect(later.message).toContain('quota')
  expect(hintAt(nowMs + 10_000)).toBe('Try again in 60 minutes.')
})

it('of another clock does not hold', () => {
  rememberRateLimit(place(), 'api', answer(60))
  expect(hintAt(nowMs - 2 * 86_400_000)).toBeUndefined()
})
