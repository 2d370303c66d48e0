import { rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { fingerprintOf } from '../../src/session/fingerprint.ts'
import { refreshes } from '../support/credentials.ts'
import { runInProcess } from '../support/in-process.ts'
import { presentedTokens } from '../support/refreshing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { logInWith, it as withHelper } from '../support/with-helper.ts'

// Spotify replaces each refresh token at once: that forgives least.
const it = withHelper.extend({ standInOptions: { rotation: 'strict' as const } })

const freshen = (sandbox: Sandbox) =>
  sandbox.writeCredential({ ...sandbox.readCredential(), expiresAtMs: Date.now() + 3_000_000 })

/** What was left in the file: the token itself, or no more than its fingerprint. */
const keptOnDisk = (sandbox: Sandbox) =>
  sandbox.readCredential().refreshToken.startsWith('sha256:') ? 'its fingerprint' : 'the token'

const secretOf = (entries: Record<string, { Secret: string }>) =>
  Object.values(entries).map(({ Secret }) => JSON.parse(Secret).refresh_token)

describe('a refresh', () => {
  it('asks the helper, lets it store the same again, asks Spotify, lets it store the new token, and looks at it', async ({
    sandbox,
    standIn,
    helper,
    login,
  }) => {
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(helper.calls()).toEqual(['get', 'store', 'store', 'get'])
    expect(presentedTokens(standIn)).toEqual([login.refreshToken])
    const [kept] = secretOf(helper.entries())
    expect(kept).not.toBe(login.refreshToken)
    expect(sandbox.readCredential()).toMatchObject({
      refreshToken: `sha256:${fingerprintOf(kept)}`,
      credentialHelper: 'test',
      user: login.user,
    })
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(presentedTokens(standIn)).toEqual([login.refreshToken, kept])
  })

  it('needs no second store where Spotify keeps the refresh token', async ({
    sandbox,
    standIn,
    helper,
    login,
  }) => {
    standIn.rotation = 'none'
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(helper.calls()).toEqual(['get', 'store'])
    expect(secretOf(helper.entries())).toEqual([login.refreshToken])
  })

  it('does not wait for what a helper has started, and left behind', async ({ sandbox, helper }) => {
    helper.fault('get', 'linger', 1)
    const startedAtMs = Date.now()
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(Date.now() - startedAtMs).toBeLessThan(4_500)
  })

  it('is made once for many commands at the same time', async ({ sandbox, standIn, helper }) => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => sandbox.run(['token'])))
    expect(new Set(runs.map(({ code, stdout }) => `${code} ${stdout}`)).size).toBe(1)
    expect(refreshes(standIn)).toHaveLength(1)
    // Those that waited for the lock have found a valid token in the file.
    expect(helper.calls()).toEqual(['get', 'store', 'store', 'get'])
  })

  it('uses the secret of the app that the helper keeps', async ({ sandbox, standIn, helper }) => {
    const { clientId, clientSecret } = confidentialApp
    const { refresh_token: refreshToken } = await standIn.issue({ clientId })
    await logInWith(helper, sandbox, standIn, { expiresAtMs: 0, clientId, clientSecret, refreshToken })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    const [{ headers } = {}] = refreshes(standIn)
    expect(atob(headers?.authorization?.split(' ')[1] ?? '')).toBe(`${clientId}:${clientSecret}`)
  })

  it('of an ended login leaves no token with the helper, and the next command starts none', async ({
    sandbox,
    standIn,
    helper,
    login,
  }) => {
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
    expect(JSON.stringify(helper.entries())).not.toContain(login.refreshToken)
    helper.calls()
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
    expect(helper.calls()).toEqual([])
  })
})

describe('with a valid access token', () => {
  it.for([['token'], ['status'], ['status', '--json'], ['now-playing']])(
    '%s starts no helper',
    async (args, { sandbox, helper }) => {
      freshen(sandbox)
      helper.fault('get', 'fail')
      expect(await runInProcess(sandbox, args)).toMatchObject({ code: 0, stderr: '' })
      expect(helper.calls()).toEqual([])
    },
  )
})

it('a token in its last minute is handed out while the helper fails', async ({ sandbox, helper }) => {
  const credential = sandbox.readCredential()
  sandbox.writeCredential({ ...credential, expiresAtMs: Date.now() + 50_000 })
  helper.fault('get', 'fail')
  const expected = { code: 0, stdout: `${credential.accessToken}\n`, stderr: '' }
  expect(await runInProcess(sandbox, ['token'])).toMatchObject(expected)
  expect(helper.calls()).toEqual(['get'])
  expect(await runInProcess(sandbox, ['token'])).toMatchObject(expected)
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 7 })
})

describe('status names the helper', () => {
  it('for people and for scripts', async ({ sandbox }) => {
    freshen(sandbox)
    const { stdout } = await runInProcess(sandbox, ['status'])
    expect(stdout).toMatch(/Secrets +with docker-credential-test$/m)
    const asJson = await runInProcess(sandbox, ['status', '--json'])
    expect(JSON.parse(asJson.stdout)).toMatchObject({ credential_helper: 'test' })
  })
})

describe('before anything is spent, exit 7 says what the helper said when', () => {
  it.for([
    ['get', 'fail', 'docker-credential-test failed: the keyring is locked.'],
    ['get', 'rubbish', 'docker-credential-test gave an answer that is not of its protocol.'],
    ['get', 'flood', 'docker-credential-test printed too much.'],
    ['store', 'fail', 'docker-credential-test failed: the keyring is locked.'],
  ] as const)('%s ends with: %s', async ([action, fault, message], { sandbox, standIn, helper, login }) => {
    helper.fault(action, fault)
    const before = sandbox.snapshot()
    const { code, stderr } = await runInProcess(sandbox, ['token'])
    expect({ code, first: stderr.split('\n')[0] }).toEqual({ code: 7, first: message })
    expect(refreshes(standIn)).toHaveLength(0)
    expect(sandbox.snapshot()).toEqual(before)
    helper.mend()
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    expect(presentedTokens(standIn)).toEqual([login.refreshToken])
  })

  it('it is missing', async ({ sandbox, standIn }) => {
    sandbox.env.PATH = process.env.PATH ?? ''
    expect(await sandbox.run(['token'])).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(
        /docker-credential-test cannot be started \(ENOENT\)\.\n.*Install the helper/,
      ),
    })
    expect(refreshes(standIn)).toHaveLength(0)
  })

  it('it gives a login that it was given before the last one', async ({
    sandbox,
    standIn,
    helper,
    login,
  }) => {
    await runInProcess(sandbox, ['token'])
    helper.fault('get', 'lie')
    const { code, stderr } = await runInProcess(sandbox, ['token', '--refresh'])
    expect({ code, stderr }).toMatchObject({ code: 7, stderr: expect.stringContaining('gave another login') })
    expect(presentedTokens(standIn)).toEqual([login.refreshToken])
    freshen(sandbox)
    helper.mend()
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })
})

describe('an entry that is gone', () => {
  it.for(['as most helpers say it', 'as docker-credential-pass says it'])(
    'is exit 4, %s',
    async (how, { sandbox, standIn, helper }) => {
      if (how === 'as most helpers say it') helper.clear()
      else helper.fault('get', 'absent')
      expect(await runInProcess(sandbox, ['token'])).toEqual({
        code: 4,
        signal: null,
        stdout: '',
        stderr: 'docker-credential-test no longer has your login.\nRun: spotify-auth login\n',
      })
      expect(refreshes(standIn)).toHaveLength(0)
    },
  )
})

describe('a helper that has failed', () => {
  it('is not asked by every tick of every status bar, but at once by token --refresh', async ({
    sandbox,
    standIn,
    helper,
    login,
  }) => {
    helper.fault('get', 'fail')
    const tick = () => runInProcess(sandbox, ['now-playing'])
    const bars = [...(await Promise.all([tick(), tick(), tick(), tick(), tick()])), await tick()]
    expect(bars.map(({ code }) => code)).toEqual(Array(6).fill(7))
    const paused = /^The credential helper of this login failed a moment ago\.\n.*again in/
    expect(bars.filter(({ stderr }) => paused.test(stderr))).toHaveLength(5)
    expect(helper.calls()).toEqual(['get'])
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('the keyring is locked'),
    })
    // Now the pause is ten seconds.
    expect(await sandbox.run(['now-playing'])).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(paused),
    })
    expect(helper.calls()).toEqual(['get'])
    helper.mend()
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(presentedTokens(standIn)).toEqual([login.refreshToken])
    // The next failure is a first one.
    helper.fault('get', 'fail')
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 7 })
    sandbox.writeCredential({ ...sandbox.readCredential(), expiresAtMs: 0 })
    expect((await tick()).stderr).toMatch(/again in [1-5] second/)
  })

  it('or has no login, is not asked by every tick, either', async ({ sandbox, helper }) => {
    helper.clear()
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
    helper.calls()
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(
        /had no login a moment ago.\n.*again in .*; to ask now: spotify-auth token --refresh; to log in: spotify-auth login\n/,
      ),
    })
    expect(helper.calls()).toEqual([])
  })

  it('keeps nobody from a token that is still valid, and is asked before the browser opens', async ({
    sandbox,
    helper,
  }) => {
    helper.fault('get', 'fail')
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 7 })
    sandbox.writeCredential({ ...sandbox.readCredential(), expiresAtMs: Date.now() + 30_000 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(helper.calls()).toEqual(['get'])
    const login = ['login', '--port', '0', '--timeout', '2', '--credential-helper', 'test']
    expect(await runInProcess(sandbox, login)).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('the keyring is locked'),
    })
    expect(helper.calls()).toEqual(['get'])
  })
})

describe('a new refresh token that the helper fails to keep stays in the file, and is moved by the next refresh, when', () => {
  it.for([
    ['store', 'fail', 2],
    ['store', 'lie', 2],
    ['store', 'rubbish', 2],
    ['get', 'fail', 2],
    ['get', 'lie', 2],
    ['get', 'rubbish', 2],
    ['get', 'flood', 2],
  ] as const)('%s does: %s', async ([action, fault, nth], { sandbox, standIn, helper }) => {
    helper.fault(action, fault, nth)
    const first = await runInProcess(sandbox, ['token'])
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\S+\n$/),
      stderr: expect.stringMatching(
        /docker-credential-test .*\nThe refresh token is kept in \S+default.json for now; .*\n$/,
      ),
    })
    expect(keptOnDisk(sandbox)).toBe('the token')
    const { refreshToken } = sandbox.readCredential()
    const status = await runInProcess(sandbox, ['status'])
    expect(status.stdout).toMatch(/Secrets +in the file, until docker-credential-test takes them$/m)
    helper.mend()
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(presentedTokens(standIn)[1]).toBe(refreshToken)
    expect(keptOnDisk(sandbox)).toBe('its fingerprint')
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('it can no longer be started', async ({ sandbox, standIn }) => {
    standIn.fault('POST /api/token', { delayMs: 300 })
    const { outcome } = sandbox.start(['token'])
    await waitFor(() => refreshes(standIn).length === 1)
    const file = path.join(sandbox.env.HOME ?? '', 'bin', 'docker-credential-test')
    rmSync(file)
    symlinkSync(file, file)
    expect(await outcome).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^docker-credential-test cannot be started \(ELOOP\)\.\nThe refresh token is kept/,
      ),
    })
    expect(keptOnDisk(sandbox)).toBe('the token')
  })

  it('and is not spent while the helper does not take it', async ({ sandbox, standIn, helper }) => {
    helper.fault('store', 'fail', 2)
    await runInProcess(sandbox, ['token'])
    helper.mend()
    helper.fault('store', 'fail')
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 7 })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('profiles and homes', () => {
  it('do not mix', async ({ sandbox, standIn, helper, login }) => {
    const work = await logInWith(helper, sandbox, standIn, { expiresAtMs: 0 }, 'work')
    expect(await runInProcess(sandbox, ['token', '--profile', 'work'])).toMatchObject({ code: 0 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(presentedTokens(standIn)).toEqual([work.refreshToken, login.refreshToken])
    expect(Object.keys(helper.entries())).toHaveLength(2)
  })
})
