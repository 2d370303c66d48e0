import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { hearATrack, line, player, timesAsked } from '../support/now-playing.ts'
import type { Sandbox } from '../support/sandbox.ts'

// A command that has waited a second for another one's answer asks by itself: so these need a machine that is quick.

const run = (sandbox: Sandbox, bars: number) =>
  Promise.all(Array.from({ length: bars }, () => sandbox.run(['now-playing', '--max-age', '5'])))

it.beforeEach(hearATrack)

it('twenty bars at once, again and again, are one request in five seconds', async ({ sandbox, standIn }) => {
  const startedAt = Date.now()
  await run(sandbox, 20)
  while (Date.now() - startedAt < 6_000 || timesAsked(standIn) < 2) {
    await sleep(2_500)
    for (const bar of await run(sandbox, 20)) {
      expect(bar).toEqual({ code: 0, signal: null, stdout: line, stderr: '' })
    }
  }
  expect(timesAsked(standIn)).toBeGreaterThanOrEqual(2)
  expect(timesAsked(standIn)).toBeLessThanOrEqual(1 + Math.floor((Date.now() - startedAt) / 5_000))
})

it('a 429 for twenty bars over a second is one request in all', async ({ sandbox, standIn }) => {
  standIn.fault(player, { status: 429, headers: { 'retry-after': '86400' }, body: '' })
  await run(sandbox, 10)
  await sleep(1_000)
  await run(sandbox, 10)
  expect(timesAsked(standIn)).toBe(1)
})
