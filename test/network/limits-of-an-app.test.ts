import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { withClockAhead } from '../support/clock.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { visit } from '../support/visit.ts'

const player = 'GET /v1/me/player/currently-playing'
const expired = () => ({ expiresAtMs: Date.now() - 1_000 })
const limited = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': `${seconds}` },
  body: '',
})

/** Puts the login beside itself, under another name. */
function copyLogin({ credentialFile }: Sandbox, profile: string, change = (text: string) => text) {
  const text = change(readFileSync(credentialFile, 'utf8'))
  writeFileSync(path.join(path.dirname(credentialFile), `${profile}.json`), text, { mode: 0o600 })
}

describe('a 429 of the accounts server', () => {
  it('ends a login before the browser opens', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', limited(600))
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    const login = await sandbox.run(['login', '--port', '0', '--timeout', '3', '--json'])
    expect({ ...login, stderr: JSON.parse(login.stderr.split('\n').at(-2) ?? '').error.code }).toMatchObject({
      code: 6,
      stderr: 'rate_limited',
    })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toHaveLength(1)
  })

  it('does not concern the login of another app', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', limited(600))
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    const { clientId, clientSecret } = confidentialApp
    const env = { SPOTIFY_CLIENT_SECRET: clientSecret }
    const login = await beginLoginInProcess(sandbox, ['--client-id', clientId], { env })
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
  })

  it('holds for every profile of the app', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    copyLogin(sandbox, 'work')
    standIn.fault('POST /api/token', limited(600))
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    expect(await runInProcess(sandbox, ['token', '--profile', 'work'])).toMatchObject({ code: 6 })
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  })
})

describe('a 429 of the Web API', () => {
  it('holds for every profile of the app, and for no other app', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    copyLogin(sandbox, 'work')
    copyLogin(sandbox, 'other', (text) => text.replace(/"client_id": "\w+"/, '"client_id": "../another one"'))
    standIn.fault(player, limited(600))
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
    const work = await runInProcess(sandbox, ['now-playing', '--profile', 'work'])
    expect(work).toMatchObject({ code: 6, stderr: expect.stringContaining('10 minutes') })
    expect(standIn.requestsTo(player)).toHaveLength(1)
    expect(await runInProcess(sandbox, ['now-playing', '--profile', 'other'])).toMatchObject({ code: 0 })
  })

  it('outlives logout and login', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    standIn.fault(player, limited(600))
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
    await runInProcess(sandbox, ['logout'])
    await sandbox.logIn(standIn)
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
    expect(standIn.requestsTo(player)).toHaveLength(1)
  })

  it.for([
    ['ten hours ahead', 36_000_000],
    ['an hour behind', -3_600_000],
  ] as const)(
    'that was noted by a clock %s does not hold when that is right again',
    async ([, ms], { sandbox, standIn }) => {
      await sandbox.logIn(standIn, { expiresAtMs: Date.now() + ms + 3_000_000 })
      standIn.fault(player, limited(60))
      await withClockAhead(ms, async () => {
        for (let run = 0; run < 2; run++)
          expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6 })
      })
      expect(standIn.requestsTo(player)).toHaveLength(1)
      expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 0 })
    },
  )
})
