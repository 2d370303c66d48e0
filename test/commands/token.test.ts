import { readFileSync, statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCredential } from '../../src/session/credential.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'

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

const stored = () => parseCredential(readFileSync(sandbox.credentialFile, 'utf8'))
const refreshes = () => standIn.requestsTo('POST /api/token').map(({ form }) => form.get('refresh_token'))

describe('with a valid token', () => {
  it('prints it without a request', async () => {
    const { accessToken } = await sandbox.logIn(standIn)
    expect(await sandbox.run(['token'])).toEqual({
      code: 0,
      signal: null,
      stdout: `${accessToken}\n`,
      stderr: '',
    })
    expect(standIn.requests).toEqual([])
  })

  it('prints it as a header that Spotify takes', async () => {
    await sandbox.logIn(standIn)
    const { stdout } = await sandbox.run(['token', '--header'])
    const [name = '', value = ''] = stdout.trim().split(': ')
    expect(name).toBe('Authorization')
    const answer = await fetch(`${standIn.apiUrl}/me`, { headers: { [name]: value } })
    expect(answer.status).toBe(200)
  })

  it('prints it as JSON', async () => {
    const expiresAtMs = Math.floor(Date.now() / 1000) * 1000 + 1_800_000
    const { accessToken } = await sandbox.logIn(standIn, { expiresAtMs, scope: ['a', 'b'] })
    const { stdout } = await sandbox.run(['token', '--json'])
    const { expires_in, ...rest } = JSON.parse(stdout)
    expect(rest).toEqual({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_at: expiresAtMs / 1000,
      scope: 'a b',
    })
    expect(expires_in).toBeGreaterThan(1_780)
    expect(expires_in).toBeLessThanOrEqual(1_800)
  })
})

describe('renews', () => {
  it('an expired token, and stores the new one', async () => {
    const old = await sandbox.logIn(standIn, { expiresAtMs: Date.now() - 1_000 })
    const { stdout } = await sandbox.run(['token'])
    const { accessToken, expiresAtMs, ...rest } = stored()
    expect(stdout).toBe(`${accessToken}\n`)
    expect(accessToken).not.toBe(old.accessToken)
    expect(expiresAtMs - Date.now()).toBeGreaterThan(3_500_000)
    expect(rest).toMatchObject({ refreshToken: old.refreshToken, scope: old.scope, user: old.user })
    expect(Math.abs(rest.authorizedAtMs - old.authorizedAtMs)).toBeLessThan(1_000)
    expect(statSync(sandbox.credentialFile).mode & 0o777).toBe(0o600)
  })

  it('a token with less than --min-ttl left', async () => {
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() + 310_000 })
    await sandbox.run(['token', '--min-ttl', '200'])
    expect(refreshes()).toHaveLength(0)
    await sandbox.run(['token', '--min-ttl', '400'])
    expect(refreshes()).toHaveLength(1)
  })

  it('a valid token with --refresh', async () => {
    const { accessToken } = await sandbox.logIn(standIn)
    const { stdout } = await sandbox.run(['token', '--refresh'])
    expect(stdout.trim()).not.toBe(accessToken)
  })
})

describe('the refresh token', () => {
  it('is kept when the answer has none, and presented again', async () => {
    const { refreshToken } = await sandbox.logIn(standIn)
    await sandbox.run(['token', '--refresh'])
    await sandbox.run(['token', '--refresh'])
    expect(refreshes()).toEqual([refreshToken, refreshToken])
  })

  it.each([null, ''])('is kept when the answer has %j', async (refresh_token) => {
    const { refreshToken } = await sandbox.logIn(standIn)
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, refresh_token }) })
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
    expect(stored().refreshToken).toBe(refreshToken)
  })

  it.each(['grace', 'strict'] as const)(
    'is replaced under %s rotation, and the new one presented next',
    async (rotation) => {
      standIn.rotation = rotation
      const first = (await sandbox.logIn(standIn)).refreshToken
      await sandbox.run(['token', '--refresh'])
      const second = stored().refreshToken
      expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
      expect(refreshes()).toEqual([first, second])
      expect(new Set([first, second, stored().refreshToken]).size).toBe(3)
    },
  )
})

it('sends the secret of an app that has one as HTTP Basic', async () => {
  const { confidentialApp } = await import('../support/stand-in.ts')
  const { access_token, refresh_token } = await standIn.issue({ clientId: confidentialApp.clientId })
  await sandbox.logIn(standIn, { ...confidentialApp, accessToken: access_token, refreshToken: refresh_token })
  expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
  const [request] = standIn.requestsTo('POST /api/token')
  const pair = Buffer.from(`${confidentialApp.clientId}:${confidentialApp.clientSecret}`).toString('base64')
  expect(request?.headers.authorization).toBe(`Basic ${pair}`)
  expect(request?.body).not.toContain(confidentialApp.clientSecret)
})

describe('leaves the login as it is', () => {
  it.each([
    ['a server that is down', { status: 503, body: '<h1>down</h1>' }, 6, 'unavailable'],
    ['a page instead of JSON', { status: 200, body: '<html>portal</html>' }, 6, 'unavailable'],
    ['too many requests', { status: 429, headers: { 'retry-after': '5' }, body: '' }, 6, 'rate_limited'],
    ['a dropped connection', { reset: true }, 6, 'network'],
    ['a token that is a number', { status: 200, body: { access_token: 5 } }, 6, 'unavailable'],
    ['an unknown app', { status: 400, body: { error: 'invalid_client' } }, 4, 'login_failed'],
  ])('after %s', async (_, fault, code, errorCode) => {
    await sandbox.logIn(standIn)
    const before = readFileSync(sandbox.credentialFile)
    standIn.fault('POST /api/token', fault)
    const outcome = await sandbox.run(['token', '--refresh', '--json'])
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(JSON.parse(outcome.stderr).error.code).toBe(errorCode)
    expect(readFileSync(sandbox.credentialFile)).toEqual(before)
    expect(refreshes()).toHaveLength(1)
  })
})

it('exits 4 with a hint when not logged in', async () => {
  expect(await sandbox.run(['token'])).toEqual({
    code: 4,
    signal: null,
    stdout: '',
    stderr: 'You are not logged in.\nRun: spotify-auth login\n',
  })
  expect(sandbox.wasBrowserOpened()).toBe(false)
})
