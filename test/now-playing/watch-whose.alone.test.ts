import { rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { Fault } from '../support/faults.ts'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { hearATrack, player, playNext, timesAsked } from '../support/now-playing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { visit } from '../support/visit.ts'

// That something is seen within a second counts from the end of the command that did it.

const quota = { error: { status: 429, message: 'Too many requests', reason: 'QUOTA_EXCEEDED' } }
const usedUp: Fault = { status: 429, headers: { 'retry-after': '86207' }, body: quota }
const overloaded: Fault = { status: 503, body: '' }
const hanging: Fault = { hang: true }

it.beforeEach(hearATrack)

/** A watch that shows the first track; `shows` waits a second for a line to be the last one. */
async function watchOne(sandbox: Sandbox, ...more: string[]) {
  const args = ['now-playing', '--watch', '--idle', 'nothing', '--format', '{state} {title}', ...more]
  const { stdout } = sandbox.start(args)
  const lines = () => stdout().split('\n').slice(0, -1)
  const shows = (line: string) => waitFor(() => lines().at(-1) === line, 1_000)
  await waitFor(() => lines().at(-1) === 'playing Clair de lune')
  return { lines, shows }
}

/** The next requests go wrong like this; waits until the first of them is under way. */
async function goWrong(standIn: StandIn, fault: Fault, times = 1) {
  const asked = timesAsked(standIn)
  standIn.fault(player, ...Array.from({ length: times }, () => fault))
  await waitFor(() => timesAsked(standIn) > asked)
  await sleep(200)
}

async function logInAsSomebodyElse(sandbox: Sandbox) {
  const login = await beginLoginInProcess(sandbox)
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 0 })
}

describe.concurrent('what one user hears is not shown to the next', () => {
  it.for([
    ['the quota is used up', usedUp],
    ['Spotify is down', overloaded],
    ['Spotify does not answer', hanging],
  ] as const)('while %s', async ([, fault], { sandbox, standIn }) => {
    const { lines, shows } = await watchOne(sandbox, '--interval', '1')
    await goWrong(standIn, fault, 20)
    await logInAsSomebodyElse(sandbox)
    await shows('nothing')
    await sleep(3_000)
    expect(lines()).toEqual(['playing Clair de lune', 'nothing'])
  })

  it('where it arrives after the login', async ({ sandbox, standIn }) => {
    const { lines, shows } = await watchOne(sandbox, '--interval', '1')
    const late = { ...track, item: { ...track.item, name: 'Secret' } }
    await goWrong(standIn, { delayMs: 2_500, body: late })
    playNext(standIn, 'Passepied')
    await logInAsSomebodyElse(sandbox)
    await shows('playing Passepied')
    await sleep(2_500)
    expect(new Set(lines())).toEqual(new Set(['playing Clair de lune', 'nothing', 'playing Passepied']))
    expect(lines().at(-1)).toBe('playing Passepied')
  })
})

describe.concurrent('within a second, also while Spotify does not answer a request that is under way,', () => {
  it('a logout is seen', async ({ sandbox, standIn }) => {
    const { shows } = await watchOne(sandbox)
    await goWrong(standIn, hanging)
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0 })
    await shows('nothing')
  })

  it('a skip is seen, and then a pause', async ({ sandbox, standIn }) => {
    const { shows } = await watchOne(sandbox)
    await goWrong(standIn, hanging)
    playNext(standIn, 'Passepied')
    expect(await runInProcess(sandbox, ['next'])).toMatchObject({ code: 0 })
    await shows('playing Passepied')
    const asked = timesAsked(standIn)
    expect(await runInProcess(sandbox, ['pause'])).toMatchObject({ code: 0 })
    await shows('paused Passepied')
    expect(timesAsked(standIn)).toBeLessThanOrEqual(asked + 1)
  })
})

it('own commands are seen at once after the directory of the cache was removed', async ({ sandbox }) => {
  const { lines } = await watchOne(sandbox)
  rmSync(path.join(sandbox.home, 'cache'), { recursive: true })
  await sleep(1_000)
  const delays: number[] = []
  for (const [command, state] of [
    ['pause', 'paused'],
    ['play', 'playing'],
    ['pause', 'paused'],
    ['play', 'playing'],
    ['pause', 'paused'],
  ] as const) {
    await runInProcess(sandbox, [command])
    const startedAt = Date.now()
    await waitFor(() => lines().at(-1) === `${state} Clair de lune`)
    delays.push(Date.now() - startedAt)
  }
  expect(Math.max(...delays), String(delays)).toBeLessThan(400)
}, 30_000)
