import { describe, expect } from 'vitest'
import { fingerprintOf } from '../../src/session/fingerprint.ts'
import { runAtOnce } from '../support/at-once.ts'
import { refreshes } from '../support/credentials.ts'
import { runInProcess } from '../support/in-process.ts'
import { presentedTokens } from '../support/refreshing.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { freshen, logInWith, it as withHelper } from '../support/with-helper.ts'

// Spotify replaces each refresh token at once: that forgives least.
const it = withHelper.extend({ standInOptions: { rotation: 'strict' as const } })

const secretOf = (entries: Record<string, { Secret: string }>) =>
  Object.values(entries).map(({ Secret }) => JSON.parse(Secret).refresh_token)

describe.concurrent('a refresh', () => {
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
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
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
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('is made once for many commands at the same time', async ({ sandbox, standIn, helper }) => {
    const runs = await runAtOnce(sandbox, ['token'], { programs: 3, here: 5 })
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

describe('profiles and homes', () => {
  it('do not mix', async ({ sandbox, standIn, helper, login }) => {
    const work = await logInWith(helper, sandbox, standIn, { expiresAtMs: 0 }, 'work')
    expect(await runInProcess(sandbox, ['token', '--profile', 'work'])).toMatchObject({ code: 0 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(presentedTokens(standIn)).toEqual([work.refreshToken, login.refreshToken])
    expect(Object.keys(helper.entries())).toHaveLength(2)
  })
})
