import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { callsOfRefresh, failing } from '../support/failing-calls.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { dayMs, startRefresh, startRefreshInProcess } from '../support/refreshing.ts'
import { waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

describe.concurrent('while a refresh is under way', () => {
  it('a logout stays a logout, and does not disturb the refresh', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const refresh = await startRefresh({ sandbox, standIn }, { delayMs: 1_500 })
    expect(await sandbox.run(['logout'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Logged out'),
    })
    expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.snapshot()).toEqual({})
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
  })

  it('a new login survives, and does not disturb the refresh', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const login = await beginLoginInProcess(sandbox)
    const callback = await login.answer('agree')
    const refresh = await startRefresh({ sandbox, standIn }, { delayMs: 1_500 })
    await visit(callback)
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
    const [, exchange] = refreshes(standIn)
    expect(exchange?.form.get('grant_type')).toBe('authorization_code')
    expect(sandbox.readCredential().user).toEqual({ id: 'ada.lovelace', displayName: 'Ada Lovelace' })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('a login that begins, and is given up, leaves it alone', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const refresh = await startRefreshInProcess({ sandbox, standIn }, { delayMs: 1_500 })
    const login = await sandbox.beginLogin()
    login.child.kill()
    expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
    await login.outcome
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  const strace = needs('a logout waits until the save is done', 'strace')
  it.skipIf(strace.skip)(strace.title, async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const under = failing(`pwrite64:delay_enter=1500000:when=${callsOfRefresh.pwrite64.save}`)
    const refresh = sandbox.start(['token'], { under })
    await waitFor(() => refreshes(standIn).length === 1)
    await sleep(500)
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0 })
    expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.snapshot()).toEqual({})
  })
})

describe.concurrent('a login that asks for its user name', () => {
  it('does not disturb a refresh', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const login = await beginLoginInProcess(sandbox)
    standIn.fault('GET /v1/me', { delayMs: 500 })
    await visit(await login.answer('agree'))
    await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
    standIn.fault('POST /api/token', { delayMs: 1_200 })
    const refresh = await sandbox.run(['token', '--refresh'])
    expect(refresh).toMatchObject({ code: 0, stderr: '' })
    expect(await login.outcome).toMatchObject({ code: 0 })
    const { accessToken, user } = sandbox.readCredential()
    expect([`${accessToken}\n`, user?.id]).toEqual([refresh.stdout, 'ada.lovelace'])
  })

  it('does not overwrite a login that was stored meanwhile', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    standIn.fault('GET /v1/me', { delayMs: 1_000 })
    await visit(await login.answer('agree'))
    await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
    const other = await sandbox.logIn(standIn, { authorizedAtMs: Date.now() - dayMs })
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(sandbox.readCredential()).toMatchObject({ accessToken: other.accessToken, user: other.user })
  })
})
