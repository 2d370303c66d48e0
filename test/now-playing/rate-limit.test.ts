import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack, line, player, timesAsked } from '../support/now-playing.ts'
import type { StandIn } from '../support/stand-in.ts'

/** The next answer is a 429 with this `Retry-After`. */
function limit(standIn: StandIn, retryAfter?: string, body: string | object = '') {
  const headers: Record<string, string> = retryAfter ? { 'retry-after': retryAfter } : {}
  standIn.fault(player, { status: 429, headers, body })
}

describe.concurrent('a 429', () => {
  it.beforeEach(hearATrack)

  it('of a day is exit 6 at once, and the next command makes no request', async ({ sandbox, standIn }) => {
    limit(standIn, '86400')
    const startedAt = Date.now()
    expect(await sandbox.run(['now-playing'])).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('Try again in 24 hours.'),
    })
    expect(Date.now() - startedAt).toBeLessThan(5_000)
    for (const args of [['now-playing'], ['now-playing', '--max-age', '5'], ['status', '--check']]) {
      expect(await runInProcess(sandbox, args)).toMatchObject({
        code: 6,
        stdout: '',
        stderr: expect.stringContaining('24 hours'),
      })
    }
    expect(standIn.requests).toHaveLength(1)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
  })

  it('leaves the last answer, marked stale', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, ['now-playing', '--max-age', '5'])
    limit(standIn, '100')
    const stale = ['now-playing', '--max-age', '0']
    expect(JSON.parse((await runInProcess(sandbox, [...stale, '--json'])).stdout)).toMatchObject({
      title: 'Clair de lune',
      stale: true,
    })
    expect((await runInProcess(sandbox, [...stale, '--format', '{title} {stale}'])).stdout).toBe(
      'Clair de lune stale\n',
    )
    expect(JSON.parse((await runInProcess(sandbox, [...stale, '--waybar'])).stdout).class).toEqual([
      'playing',
      'stale',
    ])
    expect((await runInProcess(sandbox, ['now-playing'])).stdout).toBe(line)
    expect(timesAsked(standIn)).toBe(2)
  })

  it('ends when Spotify said', async ({ sandbox, standIn }) => {
    limit(standIn, '1')
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
    await sleep(1_000)
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 0, stdout: line })
  })

  it.for<[string, string | undefined, string]>([
    ['absent', undefined, '30 seconds'],
    ['a date', 'in an hour', '60 minutes'],
    ['nonsense', 'soon', '30 seconds'],
  ])('whose Retry-After is %s holds for %s', async ([, retryAfter, wait], { sandbox, standIn }) => {
    // Ten seconds less than an hour: a date holds whole seconds, and the command takes some time.
    limit(standIn, retryAfter === 'in an hour' ? new Date(Date.now() + 3_590_000).toUTCString() : retryAfter)
    expect((await runInProcess(sandbox, ['now-playing'])).stderr).toContain(wait)
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
    expect(timesAsked(standIn)).toBe(1)
  })

  it('for a used-up quota is explained', async ({ sandbox, standIn }) => {
    limit(standIn, '60', { error: { status: 429, message: 'Too many requests', reason: 'QUOTA_EXCEEDED' } })
    for (let run = 0; run < 2; run++)
      expect((await runInProcess(sandbox, ['now-playing'])).stderr).toContain(
        'quota of your developer account',
      )
  })

  it('of one profile is not one of another', async ({ sandbox, standIn }) => {
    limit(standIn, '60')
    await runInProcess(sandbox, ['now-playing'])
    expect(await runInProcess(sandbox, ['now-playing', '--profile', 'work'])).toMatchObject({ code: 4 })
  })

  it('of the Web API does not keep a token from being renewed', async ({ sandbox, standIn }) => {
    limit(standIn, '600')
    await runInProcess(sandbox, ['now-playing'])
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })
})
