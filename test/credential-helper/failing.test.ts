import { rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { runInProcess } from '../support/in-process.ts'
import { presentedTokens } from '../support/refreshing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { freshen, it as withHelper } from '../support/with-helper.ts'

// Spotify replaces each refresh token at once: that forgives least.
const it = withHelper.extend({ standInOptions: { rotation: 'strict' as const } })

/** What was left in the file: the token itself, or no more than its fingerprint. */
const keptOnDisk = (sandbox: Sandbox) =>
  sandbox.readCredential().refreshToken.startsWith('sha256:') ? 'its fingerprint' : 'the token'

describe.concurrent('before anything is spent, exit 7 says what the helper said when', () => {
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
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
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
    expect(await tick()).toMatchObject({
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

describe.concurrent('a new refresh token that the helper fails to keep stays in the file, and is moved by the next refresh, when', () => {
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
    const outcome = runInProcess(sandbox, ['token'])
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
