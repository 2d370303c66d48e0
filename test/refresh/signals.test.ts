import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { startRefresh } from '../support/refreshing.ts'
import { waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

describe.concurrent('during a refresh, the new token is saved before the program ends', () => {
  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s with %i', async ([signal, code], { sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const { child, outcome, login } = await startRefresh({ sandbox, standIn }, { delayMs: 1_000 })
    child.kill(signal)
    expect(await outcome).toMatchObject({ code, stdout: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(login.refreshToken)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('by a closed standard output', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const { child, outcome, login } = await startRefresh({ sandbox, standIn }, { delayMs: 1_000 })
    child.stdout?.destroy()
    expect(await outcome).toMatchObject({ stderr: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(login.refreshToken)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })
})

describe.concurrent('a signal', () => {
  it('during a refresh that fails ends the program as that signal', async ({ sandbox, standIn }) => {
    const { child, outcome } = await startRefresh(
      { sandbox, standIn },
      { delayMs: 1_000, status: 503, body: '' },
    )
    child.kill('SIGINT')
    expect(await outcome).toMatchObject({ code: 130, stdout: '', stderr: '' })
  })

  it('after the refresh ends the program at once again', async ({ sandbox, standIn }) => {
    const player = 'GET /v1/me/player/currently-playing'
    await sandbox.logIn(standIn, expired())
    standIn.fault(player, { hang: true })
    const { child, outcome } = sandbox.start(['now-playing'])
    await waitFor(() => standIn.requestsTo(player).length === 1)
    const startedAt = Date.now()
    child.kill('SIGINT')
    expect(await outcome).toMatchObject({ signal: 'SIGINT', stdout: '' })
    // Less than the deadline of 10 s that would end the request.
    expect(Date.now() - startedAt).toBeLessThan(9_000)
  })

  it('while a login asks whose it is cannot cut off a refresh: there is none', async ({
    sandbox,
    standIn,
  }) => {
    standIn.rotation = 'strict'
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, expires_in: 30 }) })
    standIn.fault('GET /v1/me', { delayMs: 1_000 })
    const login = await sandbox.beginLogin()
    await visit(await login.answer('agree'))
    await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
    login.child.kill('SIGINT')
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
  })
})
