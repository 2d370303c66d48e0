import { readFileSync, statSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { confidentialApp, type StandIn } from '../support/stand-in.ts'

/** The refresh tokens that have been presented, in their order. */
const presented = (standIn: StandIn) => refreshes(standIn).map(({ form }) => form.get('refresh_token'))

describe.concurrent('with a valid token', () => {
  it('prints it without a request', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    expect(await sandbox.run(['token'])).toEqual({
      code: 0,
      signal: null,
      stdout: `${accessToken}\n`,
      stderr: '',
    })
    expect(standIn.requests).toEqual([])
  })

  it('prints it as a header that Spotify takes', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const { stdout } = await runInProcess(sandbox, ['token', '--header'])
    const [name = '', value = ''] = stdout.trim().split(': ')
    expect(name).toBe('Authorization')
    const answer = await fetch(`${standIn.apiUrl}/me`, { headers: { [name]: value } })
    expect(answer.status).toBe(200)
  })

  it('prints it as JSON', async ({ sandbox, standIn }) => {
    const expiresAtMs = Math.floor(Date.now() / 1000) * 1000 + 1_800_000
    const { accessToken } = await sandbox.logIn(standIn, { expiresAtMs, scopes: ['a', 'b'] })
    const { stdout } = await runInProcess(sandbox, ['token', '--json'])
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

describe.concurrent('renews', () => {
  it('an expired token, and stores the new one', async ({ sandbox, standIn }) => {
    const old = await sandbox.logIn(standIn, expired())
    const { stdout } = await sandbox.run(['token'])
    const { accessToken, expiresAtMs, ...rest } = sandbox.readCredential()
    expect(stdout).toBe(`${accessToken}\n`)
    expect(accessToken).not.toBe(old.accessToken)
    expect(expiresAtMs - Date.now()).toBeGreaterThan(3_500_000)
    expect(rest).toMatchObject({ refreshToken: old.refreshToken, scopes: old.scopes, user: old.user })
    expect(Math.abs(rest.authorizedAtMs - old.authorizedAtMs)).toBeLessThan(1_000)
    expect(statSync(sandbox.credentialFile).mode & 0o777).toBe(0o600)
  })

  it('a token with less than --min-ttl left', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() + 310_000 })
    await runInProcess(sandbox, ['token', '--min-ttl', '200'])
    expect(presented(standIn)).toHaveLength(0)
    await runInProcess(sandbox, ['token', '--min-ttl', '400'])
    expect(presented(standIn)).toHaveLength(1)
  })

  it('a valid token with --refresh', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    const { stdout } = await runInProcess(sandbox, ['token', '--refresh'])
    expect(stdout.trim()).not.toBe(accessToken)
  })
})

describe.concurrent('the refresh token', () => {
  it('is kept when the answer has none, and presented again', async ({ sandbox, standIn }) => {
    const { refreshToken } = await sandbox.logIn(standIn)
    await runInProcess(sandbox, ['token', '--refresh'])
    await runInProcess(sandbox, ['token', '--refresh'])
    expect(presented(standIn)).toEqual([refreshToken, refreshToken])
  })

  it.for([[null], ['']])('is kept when the answer has %j', async ([refresh_token], { sandbox, standIn }) => {
    const { refreshToken } = await sandbox.logIn(standIn)
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, refresh_token }) })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    expect(sandbox.readCredential().refreshToken).toBe(refreshToken)
  })

  it.for(['grace', 'strict'] as const)(
    'is replaced under %s rotation, and the new one presented next',
    async (rotation, { sandbox, standIn }) => {
      standIn.rotation = rotation
      const first = (await sandbox.logIn(standIn)).refreshToken
      await runInProcess(sandbox, ['token', '--refresh'])
      const second = sandbox.readCredential().refreshToken
      expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
      expect(presented(standIn)).toEqual([first, second])
      expect(new Set([first, second, sandbox.readCredential().refreshToken]).size).toBe(3)
    },
  )
})

it('sends the secret of an app that has one as HTTP Basic', async ({ sandbox, standIn }) => {
  const { access_token, refresh_token } = await standIn.issue({ clientId: confidentialApp.clientId })
  await sandbox.logIn(standIn, { ...confidentialApp, accessToken: access_token, refreshToken: refresh_token })
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  const [request] = refreshes(standIn)
  const pair = Buffer.from(`${confidentialApp.clientId}:${confidentialApp.clientSecret}`).toString('base64')
  expect(request?.headers.authorization).toBe(`Basic ${pair}`)
  expect(request?.body).not.toContain(confidentialApp.clientSecret)
})

describe.concurrent('leaves the login as it is', () => {
  it.for([
    ['a server that is down', { status: 503, body: '<h1>down</h1>' }, 6, 'unavailable'],
    ['a page instead of JSON', { status: 200, body: '<html>portal</html>' }, 6, 'unavailable'],
    ['too many requests', { status: 429, headers: { 'retry-after': '5' }, body: '' }, 6, 'rate_limited'],
    ['a dropped connection', { reset: true }, 6, 'network'],
    ['a token that is a number', { status: 200, body: { access_token: 5 } }, 6, 'unavailable'],
    ['an unknown app', { status: 400, body: { error: 'invalid_client' } }, 4, 'login_failed'],
  ] as const)('after %s', async ([, fault, code, errorCode], { sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const before = readFileSync(sandbox.credentialFile)
    standIn.fault('POST /api/token', fault)
    const outcome = await runInProcess(sandbox, ['token', '--refresh', '--json'])
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(JSON.parse(outcome.stderr).error.code).toBe(errorCode)
    expect(readFileSync(sandbox.credentialFile)).toEqual(before)
    expect(presented(standIn)).toHaveLength(1)
  })
})

it('exits 4 with a hint when not logged in', async ({ sandbox }) => {
  expect(await sandbox.run(['token'])).toEqual({
    code: 4,
    signal: null,
    stdout: '',
    stderr: 'You are not logged in.\nRun: spotify-auth login\n',
  })
  expect(sandbox.wasBrowserOpened()).toBe(false)
})
