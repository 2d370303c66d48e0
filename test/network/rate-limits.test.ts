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

const limits = (atMs = nowMs) => createRateLimits(limitsOnDisk({ home }), () => atMs)
const response = (seconds: number, body = '') => ({
  status: 429,
  headers: { 'retry-after': `${seconds}` },
  body,
})

async function hintAt(atMs: number): Promise<string | undefined> {
  try {
    await limits(atMs).respect('api', 'app')
    return undefined
  } catch (error) {
    return (error as { hint: string }).hint
  }
}

it('holds until its end, and no longer', async () => {
  await limits().remember('api', 'app', response(90))
  expect(await hintAt(nowMs + 30_000)).toBe('Try again in 60 seconds.')
  expect(await hintAt(nowMs + 89_000)).toBe('Try again in 1 second.')
  expect(await hintAt(nowMs + 90_000)).toBeUndefined()
})

it('is not shortened by a later one', async () => {
  await limits().remember('api', 'app', response(3600, 'QUOTA_EXCEEDED'))
  const later = await limits(nowMs + 1_000).remember('api', 'app', response(5))
  expect(later.message).toContain('quota')
  expect(await hintAt(nowMs + 10_000)).toBe('Try again in 60 minutes.')
})

it('of another clock does not hold', async () => {
  await limits().remember('api', 'app', response(60))
  expect(await hintAt(nowMs - 2 * 86_400_000)).toBeUndefined()
})
