import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Asked } from '../../src/network/families.ts'
import { closedFor } from '../../src/network/limits-of-app.ts'
import { limitsOnDisk } from '../../src/network/limits-on-disk.ts'
import { createRateLimits } from '../../src/network/rate-limits.ts'

const nowMs = Date.UTC(2026, 10, 21)
const player = { path: '/me/player/currently-playing' }
const albums = { path: '/artists/1/albums?limit=10' }

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
const quota = (seconds: number) => response(seconds, '{"error":{"reason":"QUOTA_EXCEEDED"}}')

async function hintAt(atMs: number, asked: Asked = player): Promise<string | undefined> {
  try {
    await limits(atMs).respect(asked, 'app')
    return undefined
  } catch (error) {
    return (error as { hint: string }).hint
  }
}

it('holds until its end, and no longer', async () => {
  await limits().remember(player, 'app', response(90))
  expect(await hintAt(nowMs + 30_000)).toBe('Try again in 60 seconds.')
  expect(await hintAt(nowMs + 89_000)).toBe('Try again in 1 second.')
  expect(await hintAt(nowMs + 90_000)).toBeUndefined()
})

it('is not shortened by a later one', async () => {
  await limits().remember(player, 'app', quota(3600))
  const later = await limits(nowMs + 1_000).remember(player, 'app', quota(5))
  expect(later.message).toContain('quota')
  expect(await hintAt(nowMs + 10_000)).toBe('Try again in 60 minutes.')
})

it('of another clock does not hold', async () => {
  await limits().remember(player, 'app', response(60))
  expect(await hintAt(nowMs - 2 * 86_400_000)).toBeUndefined()
})

it('leaves nothing behind once it is over', async () => {
  await limits().remember(albums, 'app', quota(60))
  await limits().remember(albums, 'another app', quota(60))
  expect(await hintAt(nowMs + 60_000)).toBeUndefined()
  expect(readdirSync(path.join(home, 'limits'))).toEqual(['another%20app.catalogue.json'])
})

describe('closes', () => {
  const asked: Asked[] = ['accounts', player, albums]
  const closed = () => closedFor(limitsOnDisk({ home }), nowMs, 'app')

  it.for<[title: string, Asked, ReturnType<typeof response>, Asked[], string]>([
    ['a family for a used-up quota', albums, quota(9), [albums], 'catalogue'],
    ['the Web API for anything else', albums, response(9), [player, albums], 'api'],
    ['the accounts server alone, for a quota', 'accounts', quota(9), ['accounts'], 'accounts'],
    ['the accounts server alone, for anything else', 'accounts', response(9), ['accounts'], 'accounts'],
  ])('%s', async ([, from, answer, expected, what]) => {
    await limits().remember(from, 'app', answer)
    const hints = await Promise.all(asked.map((each) => hintAt(nowMs, each)))
    expect(asked.filter((_, index) => hints[index])).toEqual(expected)
    expect(closed()).toEqual([{ what, leftMs: 9_000 }])
  })

  it('several families at a time, each for as long as it was told', async () => {
    await limits().remember(albums, 'app', quota(60))
    await limits().remember(player, 'app', quota(9))
    expect(await hintAt(nowMs, albums)).toBe('Try again in 60 seconds.')
    expect(await hintAt(nowMs, player)).toBe('Try again in 9 seconds.')
    expect(closed().map(({ what }) => what)).toEqual(['player', 'catalogue'])
  })
})
