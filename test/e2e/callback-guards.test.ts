import { readFileSync } from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notOurs, onward, pageHeaders } from '../../src/login/result-page.ts'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
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
const shortLinkOf = (stderr: string) => /http:\/\/\S+\/[\w-]{22}$/m.exec(stderr)?.[0] ?? ''

it('listens on its own loopback address and on no other', async () => {
  const v4 = await sandbox.beginLogin()
  const { port } = new URL(v4.redirectUri)
  for (const other of ['127.0.0.2', '[::1]'])
    await expect(visit(`http://${other}:${port}/`)).rejects.toThrow('ECONNREFUSED')
  const v6 = await sandbox.beginLogin(['--redirect-uri', 'http://[::1]/callback'])
  await expect(visit(`http://127.0.0.1:${new URL(v6.redirectUri).port}/`)).rejects.toThrow('ECONNREFUSED')
  for (const { child, outcome } of [v4, v6]) {
    child.kill()
    await outcome
  }
})

describe('silent and half-sent connections do not delay the end', () => {
  it.each(['denial', 'failure', 'SIGINT', 'timeout'])('by %s', async (way) => {
    if (way === 'failure') standIn.fault('POST /api/token', { status: 500, body: '' })
    const login = await sandbox.beginLogin(way === 'timeout' ? ['--timeout', '2'] : [])
    const port = Number(new URL(login.redirectUri).port)
    const sockets = ['', 'GET /callback?co', 'GET /callback HTTP/1.1\r\nHost: x\r\n'].map((text) => {
      const socket = net.connect(port, '127.0.0.1').on('error', () => {})
      socket.write(text)
      return socket
    })
    await waitFor(() => sockets.every((socket) => !socket.connecting))
    let from = Date.now()
    if (way === 'SIGINT') login.child.kill('SIGINT')
    else if (way === 'timeout') from += 2_000
    else {
      await visit(await login.answer(way === 'denial' ? 'cancel' : 'agree'))
      from = Date.now()
    }
    await login.outcome
    expect(Date.now() - from).toBeLessThan(1_000)
    for (const socket of sockets) socket.destroy()
  })
})

it('of 300 silent connections some are dropped at once, the rest after 5 s, and the callback gets through', async () => {
  const login = await sandbox.beginLogin()
  const callback = await login.answer('agree')
  const port = Number(new URL(login.redirectUri).port)
  const sockets = Array.from({ length: 300 }, () => net.connect(port, '127.0.0.1').on('error', () => {}))
  for (const socket of sockets) socket.resume().write('GET /callback?x HTTP/1.1\r\nHost: x\r\n')
  const startedAt = Date.now()
  await waitFor(() => sockets.filter((socket) => socket.closed).length >= 44)
  expect(Date.now() - startedAt).toBeLessThan(3_000)
  expect(sockets.filter((socket) => socket.closed).length).toBeLessThan(60)
  await waitFor(() => sockets.every((socket) => socket.closed))
  expect(await visit(callback)).toMatchObject({ status: 200 })
  expect(await login.outcome).toMatchObject({ code: 0 })
})

it('every page is static, with its status and all headers', async () => {
  expect(pageHeaders['content-security-policy']).toMatch(
    /^default-src 'none'; img-src data:; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  )
  standIn.fault('POST /api/token', { status: 500, body: '' })
  const login = await sandbox.beginLogin()
  const hostile = `${login.redirectUri}?state=wrong&error_description=%3Cimg%20src=x%3E`
  const turnedAway = await visit(hostile)
  expect(turnedAway).toMatchObject({ status: 400, text: notOurs(400).html })
  const link = await visit(shortLinkOf(login.stderr()))
  expect(link).toMatchObject({ status: 302, text: onward.html })
  const failed = await visit(await login.answer('agree'))
  expect(failed.status).toBe(502)
  for (const { headers } of [turnedAway, link, failed]) {
    expect(headers).toMatchObject({
      'content-security-policy': pageHeaders['content-security-policy'],
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    })
  }
  await login.outcome
})

it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s during the exchange ends the program at once, and nothing is saved',
  async (signal) => {
    standIn.fault('POST /api/token', { hang: true })
    const login = await sandbox.beginLogin()
    const page = visit(await login.answer('agree'))
    await waitFor(() => exchanges() === 1)
    login.child.kill(signal)
    const killedAt = Date.now()
    expect((await page).text).toContain('Login failed')
    expect(await login.outcome).toMatchObject({ code: signal === 'SIGINT' ? 130 : 143, stdout: '' })
    expect(Date.now() - killedAt).toBeLessThan(1_000)
    expect(sandbox.snapshot()).toEqual({})
  },
)

it('Ctrl-C once the login is saved only leaves out whose it is', async () => {
  standIn.fault('GET /v1/me', { hang: true })
  const login = await sandbox.beginLogin()
  expect((await visit(await login.answer('agree'))).text).toContain('All set!')
  await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
  login.child.kill('SIGINT')
  expect(await login.outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Logged in until/) })
})

it('a browser that leaves during the exchange keeps nothing from ending', async () => {
  standIn.fault('POST /api/token', { delayMs: 400 })
  const login = await sandbox.beginLogin()
  const request = http.get(await login.answer('agree')).on('error', () => {})
  await waitFor(() => exchanges() === 1)
  request.destroy()
  expect(await login.outcome).toMatchObject({ code: 0 })
})

it('no two logins share a state, a challenge or a short link', async () => {
  const logins = [await sandbox.beginLogin(), await sandbox.beginLogin()]
  for (const name of ['state', 'code_challenge'])
    expect(new Set(logins.map(({ authorizeUrl }) => authorizeUrl.searchParams.get(name))).size).toBe(2)
  expect(new Set(logins.map(({ stderr }) => new URL(shortLinkOf(stderr())).pathname)).size).toBe(2)
  for (const { child, outcome } of logins) {
    child.kill()
    await outcome
  }
})

const hostileText = '\u001b]52;c;aGk=\u0007\u001b[31m\nred'
it.each([
  ['the callback', { error: `x${hostileText}`, error_description: hostileText }, undefined],
  ['the token endpoint', undefined, { error: `x${hostileText}`, error_description: hostileText }],
])('terminal escapes in error and error_description of %s reach no terminal', async (_, query, body) => {
  if (body) standIn.fault('POST /api/token', { status: 400, body })
  const login = await sandbox.beginLogin()
  const callback = new URL(body ? await login.answer('agree') : login.redirectUri)
  if (query) {
    const state = login.authorizeUrl.searchParams.get('state') ?? ''
    callback.search = new URLSearchParams({ ...query, state }).toString()
  }
  await visit(callback)
  const { code, stderr } = await login.outcome
  expect(code).toBe(4)
  expect(stderr).toContain('x]52;c;aGk=')
  // Control characters other than the line feed.
  expect(stderr).not.toMatch(/[^\P{Cc}\n]/u)
  expect(stderr).not.toMatch(/^red/m)
})

it('a token answer of more than 64 KiB is exit 6', async () => {
  standIn.fault('POST /api/token', { transform: (json) => ({ ...json, padding: 'x'.repeat(65_536) }) })
  const login = await sandbox.beginLogin()
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 6, stderr: expect.stringContaining('longer than 65536') })
})

it.each([301, 302, 303, 307, 308])('a code does not follow a redirect (%i)', async (status) => {
  const heard: string[] = []
  const evil = http.createServer((request, response) => {
    heard.push(request.url ?? '')
    response.end('{}')
  })
  evil.listen(0, '127.0.0.1')
  await waitFor(() => evil.listening)
  const location = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/api/token`
  standIn.fault('POST /api/token', { status, body: '', headers: { location } })
  const login = await sandbox.beginLogin()
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 6 })
  evil.close()
  expect(heard).toEqual([])
})

it('T2: login and refresh say nothing secret with --verbose', async () => {
  const login = await sandbox.beginLogin(['--verbose'])
  const callback = await login.answer('agree')
  await visit(callback)
  const first = await login.outcome
  const read = () => JSON.parse(readFileSync(sandbox.credentialFile, 'utf8'))
  const before = read()
  const second = await sandbox.run(['token', '--refresh', '--verbose'])
  const told = first.stdout + first.stderr + second.stderr
  expect(told).toMatch(/^POST \S+\/api\/token 200 /m)
  const [exchange] = standIn.requestsTo('POST /api/token')
  const secrets = [
    before.access_token,
    before.refresh_token,
    read().access_token,
    new URL(callback).searchParams.get('code'),
    exchange?.form.get('code_verifier'),
  ]
  for (const secret of secrets) {
    expect(secret).toBeTruthy()
    expect(told).not.toContain(secret)
  }
  const state = login.authorizeUrl.searchParams.get('state') ?? ''
  expect(told.replaceAll(login.authorizeUrl.href, '')).not.toContain(state)
})

it('a login that fails changes no settings', async () => {
  const login = await sandbox.beginLogin(['--scope', 'streaming'])
  await visit(await login.answer('cancel'))
  await login.outcome
  expect((await sandbox.run(['config', 'list', '--json'])).stdout).toBe('{}\n')
})
