import { describe, expect } from 'vitest'
import { expectStoreStays } from '../support/expect-login.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

const errorCode = (stderr: string) => JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.code

describe.concurrent('the login that was there stays as it was', () => {
  it.beforeEach(expectStoreStays)

  it('when the user does not agree', async ({ sandbox, standIn }) => {
    const login = await sandbox.beginLogin(['--json'])
    const { text } = await visit(await login.answer('cancel'))
    expect(text).toContain('You did not agree')
    const { code, stdout, stderr } = await login.outcome
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(errorCode(stderr)).toBe('login_denied')
    expect(standIn.requestsTo('POST /api/token')).toEqual([])
  })

  it.for([
    ['access_denied', 'x', 'login_denied'],
    ['server_error', '', 'login_failed'],
  ] as const)(
    'when `error` is %s, whatever its description',
    async ([error, error_description, code], { sandbox }) => {
      const login = await beginLoginInProcess(sandbox, ['--json'])
      const state = login.authorizeUrl.searchParams.get('state') ?? ''
      await visit(`${login.redirectUri}?${new URLSearchParams({ error, error_description, state })}`)
      expect(errorCode((await login.outcome).stderr)).toBe(code)
    },
  )

  it('when nobody calls back, and the two mistakes in the dashboard that never do are told', async ({
    sandbox,
  }) => {
    const { outcome } = await beginLoginInProcess(sandbox, ['--timeout', '1'])
    const { code, stderr } = await outcome
    expect(code).toBe(4)
    expect(stderr).toContain('register exactly http://127.0.0.1/callback with your app')
    expect(stderr).toContain('the client id is not the app')
  })

  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('on %s, with exit code %i, and the port is free', async ([signal, code], { sandbox }) => {
    const { child, outcome, redirectUri } = await sandbox.beginLogin()
    child.kill(signal)
    expect(await outcome).toMatchObject({ code, stdout: '' })
    await expect(visit(redirectUri)).rejects.toThrow('ECONNREFUSED')
  })
})

describe.concurrent('a login', () => {
  it('that fails changes no settings', async ({ sandbox }) => {
    const login = await beginLoginInProcess(sandbox, ['--scope', 'streaming'])
    await visit(await login.answer('cancel'))
    await login.outcome
    expect((await runInProcess(sandbox, ['config', 'list', '--json'])).stdout).toBe('{}\n')
  })

  it('that is saved stays when Ctrl-C comes, which only leaves out whose it is', async ({
    sandbox,
    standIn,
  }) => {
    standIn.fault('GET /v1/me', { hang: true })
    const login = await sandbox.beginLogin()
    expect((await visit(await login.answer('agree'))).text).toContain('All set!')
    await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
    login.child.kill('SIGINT')
    expect(await login.outcome).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Logged in until/),
    })
  })
})
