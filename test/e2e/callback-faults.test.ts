import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox, type WaitingLogin, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  sandbox = createSandbox(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

const exchanges = () => standIn.requestsTo('POST /api/token').length

/** The login goes on, the right callback succeeds with one exchange, and the program ends within a second. */
async function expectItWaits(login: WaitingLogin, callback?: string): Promise<void> {
  expect(exchanges()).toBe(0)
  expect(await visit(callback ?? (await login.answer('agree')))).toMatchObject({
    status: 200,
    text: expect.stringContaining('All set!'),
  })
  const shownAt = Date.now()
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(Date.now() - shownAt).toBeLessThan(1_000)
  expect(exchanges()).toBe(1)
}

describe('goes on waiting after', () => {
  it('C1: a wrong state', async () => {
    const login = await sandbox.beginLogin()
    expect((await visit(`${login.redirectUri}?code=x&state=wrong`)).status).toBe(400)
    await expectItWaits(login)
  })

  it('C2: a denial without our state', async () => {
    const login = await sandbox.beginLogin()
    expect((await visit(`${login.redirectUri}?error=access_denied`)).status).toBe(400)
    expect((await visit(`${login.redirectUri}?error=access_denied&state=wrong`)).status).toBe(400)
    await expectItWaits(login)
  })

  it('C4: other paths and methods with a valid query', async () => {
    const login = await sandbox.beginLogin()
    const callback = await login.answer('agree')
    const { search } = new URL(callback)
    for (const target of ['/favicon.ico', '/callback/', '/']) {
      expect((await visit(new URL(target + search, callback))).status).toBe(404)
    }
    for (const method of ['POST', 'HEAD', 'OPTIONS']) {
      expect((await visit(callback, { method })).status).toBe(405)
    }
    await expectItWaits(login, callback)
  })

  it('C5: a prefetch of the right callback', async () => {
    const login = await sandbox.beginLogin()
    const callback = await login.answer('agree')
    expect((await visit(callback, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(403)
    await expectItWaits(login, callback)
  })

  it('C7: the right callback for a foreign host', async () => {
    const login = await sandbox.beginLogin()
    const callback = await login.answer('agree')
    expect((await visit(callback, { headers: { host: 'evil.example' } })).status).toBe(421)
    await expectItWaits(login, callback)
  })

  it('our state without a code, or with two', async () => {
    const login = await sandbox.beginLogin()
    const state = login.authorizeUrl.searchParams.get('state')
    expect((await visit(`${login.redirectUri}?state=${state}`)).status).toBe(400)
    expect((await visit(`${login.redirectUri}?state=${state}&code=`)).status).toBe(400)
    expect((await visit(`${login.redirectUri}?state=${state}&code=a&code=b`)).status).toBe(400)
    await expectItWaits(login)
  })

  it('another issuer', async () => {
    const login = await sandbox.beginLogin()
    const callback = await login.answer('agree')
    expect((await visit(`${callback}&iss=https%3A%2F%2Fevil.example`)).status).toBe(400)
    await expectItWaits(login, `${callback}&iss=${encodeURIComponent(standIn.accountsUrl)}`)
  })
})

it('C6: the same callback twenty times at once is one exchange, and everybody sees the same page', async () => {
  standIn.fault('POST /api/token', { delayMs: 200 })
  const login = await sandbox.beginLogin()
  const callback = await login.answer('agree')
  const pages = await Promise.all(Array.from({ length: 20 }, () => visit(callback)))
  expect(new Set(pages.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(pages[0]?.text).toContain('All set!')
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(exchanges()).toBe(1)
})

it('C8: connections that stay silent or half-sent do not keep the program from ending', async () => {
  const login = await sandbox.beginLogin()
  const port = Number(new URL(login.redirectUri).port)
  const sockets = ['', 'GET /callback?co', 'GET /callback HTTP/1.1\r\nHost: x\r\n'].map((text) => {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {})
    socket.write(text)
    return socket
  })
  await expectItWaits(login)
  for (const socket of sockets) socket.destroy()
})

it('C9: a port in use is exit 1, with the address and what to do, and the browser stays closed', async () => {
  const occupant = http.createServer().listen(0, '127.0.0.1')
  await waitFor(() => occupant.listening)
  const { port } = occupant.address() as AddressInfo
  const outcome = await sandbox.run(['login', '--redirect-uri', `http://127.0.0.1:${port}/callback`])
  occupant.close()
  expect(outcome).toMatchObject({ code: 1, stdout: '' })
  expect(outcome.stderr).toContain(`127.0.0.1:${port} is in use`)
  expect(outcome.stderr).toContain('--port')
  expect(sandbox.wasBrowserOpened()).toBe(false)
})

it('C9: of two logins at once the second is told that the port is in use', async () => {
  const first = await sandbox.beginLogin()
  const second = await sandbox.run(['login', '--redirect-uri', first.redirectUri])
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('another login that waits') })
  await expectItWaits(first)
})

describe('ends without a login, and the store stays as it is', () => {
  let before: Record<string, string>
  beforeEach(async () => {
    await sandbox.logIn(standIn)
    before = sandbox.snapshot()
  })
  afterEach(() => {
    expect(sandbox.snapshot()).toEqual(before)
  })

  it('C3: when the user does not agree', async () => {
    const login = await sandbox.beginLogin(['--json'])
    const { text } = await visit(await login.answer('cancel'))
    expect(text).toContain('You did not agree')
    const { code, stdout, stderr } = await login.outcome
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.code).toBe('login_denied')
    expect(exchanges()).toBe(0)
  })

  it.each([
    ['access_denied', 'x', 'login_denied'],
    ['server_error', '', 'login_failed'],
  ])('C3: what ended it is told by `error` alone: %s', async (error, error_description, code) => {
    const login = await sandbox.beginLogin(['--json'])
    const state = login.authorizeUrl.searchParams.get('state') ?? ''
    await visit(`${login.redirectUri}?${new URLSearchParams({ error, error_description, state })}`)
    expect(JSON.parse((await login.outcome).stderr.trim().split('\n').at(-1) ?? '').error.code).toBe(code)
  })

  it('C10: when nobody calls back, with the two mistakes in the dashboard that never do', async () => {
    const { outcome } = await sandbox.beginLogin(['--timeout', '1'])
    const { code, stderr } = await outcome
    expect(code).toBe(4)
    expect(stderr).toContain('register exactly http://127.0.0.1/callback with your app')
    expect(stderr).toContain('the client id is not the app')
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('C10: on %s, exit code %i and the port is free', async (signal, code) => {
    const { child, outcome, redirectUri } = await sandbox.beginLogin()
    child.kill(signal)
    expect(await outcome).toMatchObject({ code, stdout: '' })
    await expect(visit(redirectUri)).rejects.toThrow('ECONNREFUSED')
  })

  it('C11: when Spotify sends HTML and terminal escapes, which go nowhere', async () => {
    const login = await sandbox.beginLogin()
    const callback = new URL(login.redirectUri)
    callback.search = new URLSearchParams({
      error: 'server_error',
      error_description: '<img src=x onerror=alert(1)>\u001b]52;c;aGk=\u0007\u001b[31m\nred',
      state: login.authorizeUrl.searchParams.get('state') ?? '',
    }).toString()
    const { text } = await visit(callback)
    expect(text).toContain('Login failed')
    expect(text).not.toMatch(/<img|onerror|server_error/)
    const { code, stderr } = await login.outcome
    expect(code).toBe(4)
    expect(stderr).toContain('server_error')
    expect(stripVTControlCharacters(stderr)).toBe(stderr)
    expect(stderr).not.toContain('\u0007')
    expect(stderr.trim().split('\n').at(-1)).not.toBe('red')
  })

  it.each([
    ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, 4],
    ['invalid_client', { status: 401, body: { error: 'invalid_client' } }, 4],
    ['HTML with 200', { status: 200, body: '<html>portal</html>' }, 6],
    ['500', { status: 500, body: 'oops' }, 6],
    ['a reset', { reset: true }, 6],
    ['no refresh_token', { transform: ({ refresh_token: _, ...json }: Record<string, unknown>) => json }, 6],
    ['access_token: 5', { transform: (json: object) => ({ ...json, access_token: 5 }) }, 6],
  ])('X1: when the token endpoint answers with %s', async (_, fault, code) => {
    standIn.fault('POST /api/token', fault)
    const login = await sandbox.beginLogin()
    expect((await visit(await login.answer('agree'))).text).toContain('Login failed')
    const { code: exit, stdout, stderr } = await login.outcome
    expect({ exit, stdout }).toEqual({ exit: code, stdout: '' })
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(exchanges()).toBe(1)
  })

  const strace = needs('X2: when the disk is full at the save', 'strace')
  it.skipIf(strace.skip)(strace.title, async () => {
    const login = await sandbox.beginLogin([], {
      under: [strace.file, '-f', '-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=ENOSPC:when=2+'],
    })
    const { status, text } = await visit(await login.answer('agree'))
    expect(status).toBe(500)
    expect(text).toContain('Login not saved')
    expect(text).not.toContain('All set')
    expect(await login.outcome).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('ENOSPC'),
    })
    expect(exchanges()).toBe(1)
  })
})
