import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect } from 'vitest'
import { expectStoreStays } from '../support/expect-login.ts'
import { failing } from '../support/failing-calls.ts'
import type { Fault } from '../support/faults.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const exchanges = (standIn: StandIn) => standIn.requestsTo('POST /api/token').length

describe.concurrent('the exchange of the code', () => {
  it('happens once for twenty callbacks at once, and everybody sees the same page', async ({
    sandbox,
    standIn,
  }) => {
    standIn.fault('POST /api/token', { delayMs: 3_000 })
    const login = await sandbox.beginLogin()
    const callback = await login.answer('agree')
    const pages = await Promise.all(Array.from({ length: 20 }, () => visit(callback)))
    expect(new Set(pages.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(pages[0]?.text).toContain('All set!')
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(exchanges(standIn)).toBe(1)
  })

  it('is finished also when the browser leaves meanwhile', async ({ sandbox, standIn }) => {
    standIn.fault('POST /api/token', { delayMs: 400 })
    const login = await beginLoginInProcess(sandbox)
    const request = http.get(await login.answer('agree')).on('error', () => {})
    await waitFor(() => exchanges(standIn) === 1)
    request.destroy()
    expect(await login.outcome).toMatchObject({ code: 0 })
  })

  it('takes an answer of more than 64 KiB for a failure of Spotify', async ({ sandbox, standIn }) => {
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, padding: 'x'.repeat(65_536) }) })
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('longer than 65536'),
    })
  })

  it.for([301, 302, 303, 307, 308])('follows no redirect (%i)', async (status, { sandbox, standIn }) => {
    const heard: string[] = []
    const evil = http.createServer((request, response) => {
      heard.push(request.url ?? '')
      response.end('{}')
    })
    evil.listen(0, '127.0.0.1')
    await once(evil, 'listening')
    const location = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/api/token`
    standIn.fault('POST /api/token', { status, body: '', headers: { location } })
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 6 })
    evil.close()
    expect(heard).toEqual([])
  })
})

describe.concurrent('the credential that was there stays as it was', () => {
  it.beforeEach(expectStoreStays)

  it.for<[string, Fault, code: number]>([
    ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, 4],
    ['invalid_client', { status: 401, body: { error: 'invalid_client' } }, 4],
    ['HTML with 200', { status: 200, body: '<html>portal</html>' }, 6],
    ['500', { status: 500, body: 'oops' }, 6],
    ['a reset', { reset: true }, 6],
    ['no refresh_token', { transform: ({ refresh_token: _, ...json }) => json }, 6],
    ['access_token: 5', { transform: (json) => ({ ...json, access_token: 5 }) }, 6],
  ])('when the token endpoint answers with %s', async ([, fault, code], { sandbox, standIn }) => {
    standIn.fault('POST /api/token', fault)
    // One of them on the program, whose messages a stack trace could follow.
    const login = await (fault.reset ? sandbox.beginLogin() : beginLoginInProcess(sandbox))
    expect((await visit(await login.answer('agree'))).text).toContain('Login failed')
    const { code: exit, stdout, stderr } = await login.outcome
    expect({ exit, stdout }).toEqual({ exit: code, stdout: '' })
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(exchanges(standIn)).toBe(1)
  })

  const strace = needs('when the disk is full at the save', 'strace')
  it.skipIf(strace.skip)(strace.title, async ({ sandbox, standIn }) => {
    // Before the browser opens it has proven with three of them that it can save.
    const login = await sandbox.beginLogin([], { under: failing('fsync:error=ENOSPC:when=4+') })
    const { status, text } = await visit(await login.answer('agree'))
    expect(status).toBe(500)
    expect(text).toContain('Login not saved')
    expect(text).not.toContain('All set')
    expect(await login.outcome).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('ENOSPC'),
    })
    expect(exchanges(standIn)).toBe(1)
  })
})
