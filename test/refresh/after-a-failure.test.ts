import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { runAtOnce } from '../support/at-once.ts'
import { clockAhead } from '../support/clock.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { copyLogin } from '../support/profiles.ts'
import { visit } from '../support/visit.ts'

const down = { status: 503, body: '' }

describe.concurrent('a refresh that has failed', () => {
  it('because nothing came is one request for ten commands', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', ...Array(10).fill({ hang: true }))
    const startedAt = Date.now()
    const outcomes = await runAtOnce(sandbox, ['token'], { programs: 3, here: 7 })
    // They wait for one request of ten seconds, and not for one after another.
    expect(Date.now() - startedAt).toBeLessThan(15_000)
    expect(refreshes(standIn)).toHaveLength(1)
    for (const { code, stdout } of outcomes) expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    const told = outcomes.filter(({ stderr }) => /again in [1-5] seconds?/.test(stderr))
    expect(told).toHaveLength(9)
  })

  it('twice holds for twice as long, and for a minute at most', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', ...Array(7).fill(down))
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 6 })
      const { stderr } = await runInProcess(sandbox, ['token'])
      const [, told = ''] = /again in (\d+) second/.exec(stderr) ?? []
      expect(Number(told)).toBeGreaterThan(seconds - 4)
      expect(Number(told)).toBeLessThanOrEqual(seconds)
    }
    expect(refreshes(standIn)).toHaveLength(6)
  })

  it('is asked for again by token --refresh, and forgotten by the first success', async ({
    sandbox,
    standIn,
  }) => {
    const login = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', down)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    sandbox.writeCredential({ ...login, ...expired() })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    standIn.fault('POST /api/token', down)
    sandbox.writeCredential({ ...login, ...expired() })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    expect((await runInProcess(sandbox, ['token'])).stderr).toMatch(/again in [1-5] second/)
  })

  it('keeps nobody from logging in, who then starts anew', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', down)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    sandbox.writeCredential({ ...sandbox.readCredential(), ...expired() })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
  })

  it('keeps nobody from a token that is still valid', async ({ sandbox, standIn }) => {
    const login = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', down)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    sandbox.writeCredential({ ...login, expiresAtMs: Date.now() + 120_000 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('is not repeated because the Web API refuses the token', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const refusal = { status: 401, body: { error: { status: 401, message: 'The access token expired' } } }
    const player = 'GET /v1/me/player/currently-playing'
    standIn.fault(player, refusal, refusal)
    standIn.fault('POST /api/token', down)
    for (let run = 0; run < 2; run++)
      expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('of another profile is none of this one', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    copyLogin(sandbox, 'work')
    standIn.fault('POST /api/token', down)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    expect(await runInProcess(sandbox, ['token', '--profile', 'work'])).toMatchObject({ code: 0 })
  })

  it('was noted by a clock that was wrong: it does not hold', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', down)
    expect(await sandbox.run(['token'], clockAhead(sandbox, 36_000_000))).toMatchObject({ code: 6 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
  })
})

it.concurrent('a server that nobody could connect to is tried again at once', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn, expired())
  const env = { SPOTIFY_ACCOUNTS_URL: 'http://127.0.0.1:1' }
  expect(await runInProcess(sandbox, ['token'], { env })).toMatchObject({ code: 6 })
  expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
})

it.concurrent('SPOTIFY_REFRESH_TOKEN: a failure is not repeated within the command', async ({
  sandbox,
  standIn,
}) => {
  const { refresh_token } = await standIn.issue()
  standIn.fault('POST /api/token', down, down, down)
  const bar = sandbox.start(['now-playing', '--watch'], { env: { SPOTIFY_REFRESH_TOKEN: refresh_token } })
  await sleep(4_500)
  expect(refreshes(standIn)).toHaveLength(1)
  bar.child.kill()
})
