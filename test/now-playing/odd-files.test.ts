import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack, line, player, playNext, timesAsked } from '../support/now-playing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { publicApp } from '../support/stand-in.ts'

const cache = ({ home }: Sandbox) => path.join(home, 'cache')
const limits = ({ home }: Sandbox) => path.join(home, 'limits')
const limitFile = (sandbox: Sandbox) => path.join(limits(sandbox), `${publicApp.clientId}.player.json`)
const bar = ['now-playing', '--max-age', '60']
const dayMs = 86_400_000

function writeLimit(sandbox: Sandbox, text: string) {
  mkdirSync(limits(sandbox), { recursive: true, mode: 0o700 })
  writeFileSync(limitFile(sandbox), text, { mode: 0o600 })
}

describe.concurrent('a limit on disk', () => {
  it.beforeEach(hearATrack)

  it.for(['1e15', '9e307'])('of %s ms holds for a day at most', async (forMs, { sandbox }) => {
    writeLimit(sandbox, `{"set_at_ms":${Date.now() - 1_000},"for_ms":${forMs}}`)
    const status = await runInProcess(sandbox, ['status', '--json'])
    expect(status).toMatchObject({ code: 0 })
    const [{ until }] = JSON.parse(status.stdout).closed
    expect(Math.abs(until * 1000 - Date.now() - dayMs)).toBeLessThan(60_000)
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('Try again in 24 hours.'),
    })
  })

  it.for([
    ['for ever', `{"set_at_ms":${Date.now()},"for_ms":1e999}`],
    ['for a text', `{"set_at_ms":${Date.now()},"for_ms":"60000"}`],
    ['that is larger than any of ours', `{"set_at_ms":${Date.now()},"for_ms":60000}${' '.repeat(70_000)}`],
  ] as const)('%s is none', async ([, text], { sandbox }) => {
    writeLimit(sandbox, text)
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 0, stdout: line })
  })

  it('that cannot be written leaves nothing behind', async ({ sandbox, standIn }) => {
    mkdirSync(limitFile(sandbox), { recursive: true })
    const quota = { error: { status: 429, message: 'no', reason: 'QUOTA_EXCEEDED' } }
    standIn.fault(player, { status: 429, headers: { 'retry-after': '600' }, body: quota })
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
    expect(readdirSync(limits(sandbox))).toEqual([path.basename(limitFile(sandbox))])
  })
})

it('pipes in place of the files hang nobody', async ({ sandbox, standIn }) => {
  await hearATrack({ sandbox, standIn })
  for (const directory of [cache(sandbox), limits(sandbox)]) mkdirSync(directory, { mode: 0o700 })
  spawnSync('mkfifo', [limitFile(sandbox), path.join(cache(sandbox), 'default.json')])
  const startedAt = Date.now()
  for (const args of [['next'], bar, ['status']]) {
    const running = sandbox.start(args)
    const late = setTimeout(() => running.child.kill('SIGKILL'), 8_000)
    expect(await running.outcome, args.join(' ')).toMatchObject({ code: 0, stderr: '' })
    clearTimeout(late)
  }
  expect(Date.now() - startedAt).toBeLessThan(20_000)
}, 30_000)

it('a cache that is larger than any of ours is not read', async ({ sandbox, standIn }) => {
  await hearATrack({ sandbox, standIn })
  await runInProcess(sandbox, bar)
  const file = path.join(cache(sandbox), 'default.json')
  playNext(standIn, 'Passepied')
  writeFileSync(file, `${readFileSync(file, 'utf8')}${' '.repeat(70_000)}`)
  expect((await runInProcess(sandbox, bar)).stdout).toContain('Passepied')
})

describe.concurrent('a cache that cannot be written', () => {
  it.beforeEach(hearATrack)

  it('is told by a watch, once, and nothing is left behind', async ({ sandbox, standIn }) => {
    mkdirSync(path.join(cache(sandbox), 'default.json'), { recursive: true, mode: 0o700 })
    const { stdout, stderr } = sandbox.start(['now-playing', '--watch', '--interval', '1'])
    await waitFor(() => timesAsked(standIn) >= 3)
    await sleep(300)
    expect(stdout()).toBe(line)
    expect(stderr()).toMatch(/^What plays cannot be shared with other commands: .*default\.json .*\n$/)
    expect(readdirSync(cache(sandbox)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('is no concern of a single answer', async ({ sandbox }) => {
    mkdirSync(path.join(cache(sandbox), 'default.json'), { recursive: true, mode: 0o700 })
    expect(await runInProcess(sandbox, bar)).toMatchObject({ code: 0, stdout: line, stderr: '' })
    rmSync(path.join(cache(sandbox), 'default.json'), { recursive: true })
  })
})
