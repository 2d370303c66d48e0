import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack, player, playNext, timesAsked } from '../support/now-playing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'

// A watch that has waited a second for another one's answer asks by itself: so these need a machine that is quick.

function watchTwice(sandbox: Sandbox, ...args: string[]) {
  const watches = [1, 2].map(() => sandbox.start(['now-playing', '--watch', '--format', '{title}', ...args]))
  const bothShow = (title: string) =>
    waitFor(() => watches.every(({ stdout }) => stdout().endsWith(`${title}\n`)))
  return { watches, bothShow }
}

/** The distances between the requests, in seconds. */
function distances(standIn: StandIn): number[] {
  const atMs = standIn.requestsTo(player).map(({ atMs }) => atMs)
  return atMs.slice(1).map((at, index) => (at - (atMs[index] ?? 0)) / 1000)
}

describe.concurrent('watches of a profile', () => {
  it.beforeEach(hearATrack)

  it('ask as often as one, as the schedule says', async ({ sandbox, standIn }) => {
    const { bothShow } = watchTwice(sandbox)
    await waitFor(() => timesAsked(standIn) >= 3)
    const [first = 0, second = 0] = distances(standIn)
    // Counted from arrivals, which a busy machine lets be late.
    expect(first).toBeGreaterThan(1.2)
    expect(second).toBeGreaterThan(2.2)
    playNext(standIn, 'Passepied')
    await bothShow('Passepied')
    expect(timesAsked(standIn)).toBe(4)
  })

  it('ask at the distance that one of them is told', async ({ sandbox, standIn }) => {
    watchTwice(sandbox, '--interval', '4')
    sandbox.start(['now-playing', '--watch', '--interval', '1'])
    await waitFor(() => timesAsked(standIn) >= 5)
    for (const distance of distances(standIn).slice(1)) expect(distance).toBeGreaterThan(0.9)
  })

  it('share what one has found out already: who comes later shows it at once', async ({
    sandbox,
    standIn,
  }) => {
    sandbox.start(['now-playing', '--watch', '--interval', '60'])
    await waitFor(() => timesAsked(standIn) === 1)
    await sleep(500)
    playNext(standIn, 'Passepied')
    const { bothShow } = watchTwice(sandbox, '--interval', '60')
    await bothShow('Clair de lune')
    expect(timesAsked(standIn)).toBe(1)
  })

  it('ask a server that is down as often as one', async ({ sandbox, standIn }) => {
    standIn.fault(player, ...Array.from({ length: 20 }, () => ({ status: 503, body: '' })))
    const { watches } = watchTwice(sandbox)
    await waitFor(() => watches.every(({ stderr }) => stderr().includes('\n')))
    await waitFor(() => timesAsked(standIn) === 2)
    await sleep(3_000)
    expect(timesAsked(standIn)).toBe(2)
    const [first = 0] = distances(standIn)
    expect(first).toBeGreaterThan(2.9)
  })

  it('keep to their distance where the cache can no longer be written', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, ['now-playing', '--max-age', '3'])
    const under = ['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh']
    const { stderr } = sandbox.start(['now-playing', '--watch', '--interval', '3'], { under })
    await waitFor(() => timesAsked(standIn) >= 3)
    for (const distance of distances(standIn)) expect(distance).toBeGreaterThan(2.9)
    expect(stderr()).toContain('EFBIG')
  })

  it('ask each for itself where the cache cannot be written', async ({ sandbox, standIn }) => {
    const watches = [1, 2].map(() =>
      sandbox.start(['now-playing', '--watch', '--interval', '2'], { env: { XDG_RUNTIME_DIR: '/dev/null' } }),
    )
    await waitFor(() => timesAsked(standIn) >= 4)
    expect(Math.max(...distances(standIn))).toBeGreaterThan(1)
    for (const { stdout } of watches) expect(stdout().split('\n')).toHaveLength(2)
  })
})

describe('--interval', () => {
  it.for(['0', '0.5', '-1', 'soon'])('%s is no distance', async (seconds, { sandbox }) => {
    expect(await runInProcess(sandbox, ['now-playing', '--watch', '--interval', seconds])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--interval'),
    })
  })
})
