import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { limitsOnDisk } from '../../src/network/limits-on-disk.ts'
import { createRateLimits } from '../../src/network/rate-limits.ts'

const nowMs = Date.UTC(2026, 10, 21)

let home: string

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'spotify-auth-limit-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const limits = (atMs = nowMs) => createRateLimits(limitsOnDisk({ home, profile: 'default' }), () => atMs)
const response = (seconds: number, body = '') => ({
  status: 429,
  headers: { 'retry-after': `${seconds}` },
  body,
})

function hintAt(atMs: number): string | undefined {
  try {
    limits(atMs).respect('api')
    return undefined
  } catch (error) {
    return (error as { hint: string }).hint
  }
}

it('holds until its end, and no longer', () => {
  limits().remember('api', response(90))
  expect(hintAt(nowMs + 30_000)).toBe('Try again in 60 seconds.')
  expect(hintAt(nowMs + 89_000)).toBe('Try again in 1 second.')
  expect(hintAt(nowMs + 90_000)).toBeUndefined()
})

it('is not shortened by a later one', () => {
  limits().remember('api', response(3600, 'QUOTA_EXCEEDED'))
  const later = limits(nowMs + 1_000).remember('api', response(5))
  expect(later.message).toContain('quota')
  expect(hintAt(nowMs + 10_000)).toBe('Try again in 60 minutes.')
})

it('of another clock does not hold', () => {
  limits().remember('api', response(60))
  expect(hintAt(nowMs - 2 * 86_400_000)).toBeUndefined()
})
