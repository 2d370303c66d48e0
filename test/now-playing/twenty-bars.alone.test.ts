import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack, line, player, timesAsked } from '../support/now-playing.ts'
import type { Sandbox } from '../support/sandbox.ts'

// A command that has waited a second for another one's answer asks by itself: so these need a machine that is quick.

const bar = ['now-playing', '--max-age', '3']

/** So many bars at once: half of them processes of their own, the others in this one, where they share nothing either. */
const run = (sandbox: Sandbox, bars: number, processes = bars / 2) =>
  Promise.all(
    Array.from({ length: bars }, (_, at) => (at < processes ? sandbox.run(bar) : runInProcess(sandbox, bar))),
  )

it.beforeEach(hearATrack)

it('twenty bars at once, again and again, are one request in three seconds', async ({ sandbox, standIn }) => {
  const shown = Array(20).fill({ code: 0, signal: null, stdout: line, stderr: '' })
  const startedAt = Date.now()
  expect(await run(sandbox, 20)).toEqual(shown)
  const answeredBy = Date.now()
  while (Date.now() - answeredBy < 3_000) {
    expect(await run(sandbox, 20, 0)).toEqual(shown)
    await sleep(500)
  }
  expect(await run(sandbox, 20)).toEqual(shown)
  expect(timesAsked(standIn)).toBeGreaterThanOrEqual(2)
  expect(timesAsked(standIn)).toBeLessThanOrEqual(1 + Math.floor((Date.now() - startedAt) / 3_000))
})

it('a 429 for twenty bars over a second is one request in all', async ({ sandbox, standIn }) => {
  standIn.fault(player, { status: 429, headers: { 'retry-after': '86400' }, body: '' })
  await run(sandbox, 10)
  await sleep(1_000)
  await run(sandbox, 10, 0)
  expect(timesAsked(standIn)).toBe(1)
})
