import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { installHelper, type ScriptedHelper } from '../support/credential-helper.ts'
import { refreshes } from '../support/credentials.ts'
import { failing } from '../support/failing-calls.ts'
import { withFailingCalls } from '../support/failing-in-process.ts'
import { it as anybody } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const it = anybody.extend<{ helper: ScriptedHelper }>({
  helper: [async ({ sandbox }, use) => use(installHelper(sandbox)), { auto: true }],
})

/** Logs in, with the built program where `under` names what starts it, such as nothing; returns how it ends. */
async function logIn(
  sandbox: Sandbox,
  args: string[] = [],
  { under, stdin }: { under?: string[]; stdin?: string } = {},
) {
  const words = ['--no-browser', ...args]
  const login = under
    ? await sandbox.beginLogin(words, { under, stdin })
    : await beginLoginInProcess(sandbox, words, { stdin })
  const [outcome] = await Promise.all([
    login.outcome,
    login
      .answer('agree')
      .then(visit)
      .catch(() => {}),
  ])
  return outcome
}

const withTest = ['--credential-helper', 'test']

/** The files that tell where a helper may have something. */
const notes = ({ credentialFile }: Sandbox) =>
  readdirSync(path.dirname(credentialFile)).filter((name) => name.endsWith('.helpers'))

describe.concurrent('a login with a helper', () => {
  it('leaves the refresh token with it, and so do later logins; none goes back to the file', async ({
    sandbox,
    helper,
  }) => {
    expect(await logIn(sandbox, withTest, { under: [] })).toMatchObject({ code: 0 })
    expect(sandbox.readCredential()).toMatchObject({
      credentialHelper: 'test',
      refreshToken: expect.stringMatching(/^sha256:/),
      user: { id: 'ada.lovelace' },
    })
    expect(Object.entries(helper.entries())).toEqual([
      [
        expect.stringMatching(/^https:\/\/spotify-auth\/[0-9a-f]{16}\/default$/),
        { Username: 'default', Secret: expect.stringContaining('"refresh_token"') },
      ],
    ])
    expect(await runInProcess(sandbox, ['config', 'get', 'credential_helper'])).toMatchObject({
      stdout: 'test\n',
    })
    const second = await logIn(sandbox)
    expect({ code: second.code, entries: Object.keys(helper.entries()).length }).toEqual({
      code: 0,
      entries: 1,
    })
    expect(sandbox.readCredential().refreshToken).toMatch(/^sha256:/)

    expect(await logIn(sandbox, ['--credential-helper', 'none'])).toMatchObject({ code: 0 })
    expect(sandbox.readCredential().credentialHelper).toBeUndefined()
    expect(helper.entries()).toEqual({})
    expect(notes(sandbox)).toEqual([])
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('moves from one to another, and tries again where the old one would not forget', async ({
    sandbox,
    helper,
  }) => {
    const other = installHelper(sandbox, 'other')
    await logIn(sandbox, withTest)
    helper.fault('erase', 'fail')
    const moved = await logIn(sandbox, ['--credential-helper', 'other'])
    expect(moved).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('docker-credential-test failed: the keyring is locked.'),
    })
    expect([helper, other].map((each) => Object.keys(each.entries()).length)).toEqual([1, 1])
    helper.mend()
    expect((await logIn(sandbox)).stderr).not.toContain('docker-credential-test')
    expect([helper, other].map((each) => Object.keys(each.entries()).length)).toEqual([0, 1])
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('finds the secret of its app with the helper again, or says what to do', async ({ sandbox, helper }) => {
    sandbox.env.SPOTIFY_CLIENT_ID = confidentialApp.clientId
    const secret = confidentialApp.clientSecret
    const first = await logIn(sandbox, [...withTest, '--client-secret-stdin'], { stdin: secret })
    expect(first).toMatchObject({ code: 0 })
    expect(JSON.stringify(sandbox.snapshot())).not.toContain(Buffer.from(secret).toString('hex'))
    expect(await logIn(sandbox)).toMatchObject({ code: 0 })
    helper.fault('get', 'fail')
    expect(await runInProcess(sandbox, ['login', '--no-browser'])).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(/ failed: the keyring is locked\.\n.* with --client-secret-stdin\.\n$/),
    })
    helper.mend()
    expect(await logIn(sandbox, ['--credential-helper', 'none'])).toMatchObject({ code: 0 })
    expect(sandbox.readCredential().clientSecret).toBe(secret)
  })

  it('keeps the token in the file when the helper fails after Spotify has given it', async ({
    sandbox,
    helper,
  }) => {
    helper.fault('store', 'fail', 2)
    expect(await logIn(sandbox, withTest)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('The refresh token is kept in'),
    })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().refreshToken).toMatch(/^sha256:/)
  })
})

describe.concurrent('before the browser opens, a login ends with exit 7 when the helper', () => {
  it.for([
    ['get', 'fail'],
    ['get', 'rubbish'],
    ['store', 'fail'],
    ['store', 'lie'],
    ['erase', 'lie'],
  ] as const)('%s: %s', async ([action, fault], { sandbox, helper, standIn }) => {
    helper.fault(action, fault)
    const outcome = await runInProcess(sandbox, ['login', '--port', '0', '--timeout', '2', ...withTest])
    expect(outcome).toMatchObject({ code: 7, stderr: expect.stringMatching(/^docker-credential-test /) })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(refreshes(standIn)).toHaveLength(0)
  })

  it('is missing', async ({ sandbox }) => {
    const outcome = await runInProcess(sandbox, ['login', '--port', '0', '--credential-helper', 'nowhere'])
    expect(outcome).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('docker-credential-nowhere cannot be started (ENOENT).'),
    })
  })
})

describe('what is no name of a helper', () => {
  it.for(['', '../pass', 'pass;id', 'a b', 'päss', '$(id)', 'docker-credential-pass', '-x'])(
    '%j is exit 2',
    async (name, { sandbox }) => {
      const outcome = await runInProcess(sandbox, ['login', '--credential-helper', name])
      expect(outcome).toMatchObject({ code: 2, stderr: expect.stringMatching(/^That is not the name of a/) })
    },
  )

  it('is no setting', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['config', 'set', 'credential_helper', '../pass'])).toMatchObject({
      code: 2,
    })
    expect(existsSync(sandbox.home)).toBe(false)
  })
})

/** Kills a login when it is with the helper, but not in the dotfile: a save is proven before the browser opens, and again. */
const atItsRename = 'rename:signal=SIGKILL:when=3'

describe('killed between the helper and the file, a login', () => {
  const strace = needs('that replaces another is the one that the next command finds', 'strace')
  it.skipIf(strace.skip)(strace.title, async ({ sandbox, standIn, helper }) => {
    await logIn(sandbox, withTest)
    const before = sandbox.readCredential()
    expect(await logIn(sandbox, withTest, { under: failing(atItsRename) })).toMatchObject({
      signal: 'SIGKILL',
    })
    expect(sandbox.readCredential()).toEqual(before)
    const asked = refreshes(standIn).length
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(asked)
    expect(sandbox.readCredential().loginId).not.toBe(before.loginId)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(helper.entries())).toHaveLength(1)
  })

  it('that is the first leaves nothing that a logout does not find', async ({ sandbox, helper }) => {
    // What is written once in a home is there, so that the renames are those of the saves.
    await runInProcess(sandbox, ['logout'])
    await withFailingCalls(sandbox, atItsRename, () => logIn(sandbox, withTest))
    expect(Object.keys(helper.entries())).toHaveLength(1)
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0 })
    expect([helper.entries(), sandbox.snapshot()]).toEqual([{}, {}])
  })
})
