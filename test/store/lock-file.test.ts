import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { lockDotfile } from '../../src/session/dotfile-lock.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { failing } from '../support/failing-calls.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { lockFile, startRefresh, startRefreshInProcess } from '../support/refreshing.ts'
import { issueCredential, type Sandbox, waitFor } from '../support/sandbox.ts'
import { startScript } from '../support/script.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

it('the lock file is deleted while a new login is saved, and the one before is refreshed: the new one is kept', async ({
  sandbox,
  standIn,
}) => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn)
  const credential = await issueCredential(standIn, { loginId: 'a new one' })
  const place = { home: sandbox.home, profile: 'default' }
  const said: string[] = []
  const stderr = { isTerminal: false, columns: 80, write: (text: string) => void said.push(text) }
  await lockDotfile(place, stderr, async (login) => {
    login.read()
    const save = await login.prepareSave(undefined, true)
    rmSync(lockFile(sandbox))
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    await save.commit(credential)
  })
  expect(said).toEqual([])
  expect(sandbox.readCredential()).toMatchObject({ loginId: 'a new one' })
  expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
})

describe.concurrent('the lock file is deleted while a refresh is under way', () => {
  const underWay = (
    place: { sandbox: Sandbox; standIn: StandIn },
    start: typeof startRefreshInProcess = startRefreshInProcess,
  ) => {
    place.standIn.rotation = 'strict'
    return start(place, { delayMs: 1_000 })
  }

  it('and its answer is saved all the same', async ({ sandbox, standIn }) => {
    const { login, outcome } = await underWay({ sandbox, standIn }, startRefresh)
    rmSync(lockFile(sandbox))
    expect(await outcome).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(login.refreshToken)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })

  it('and another command becomes its second holder: neither harms the other', async ({
    sandbox,
    standIn,
  }) => {
    const { outcome } = await underWay({ sandbox, standIn }, startRefresh)
    standIn.rotation = 'grace'
    rmSync(lockFile(sandbox))
    const second = runInProcess(sandbox, ['token'])
    expect(await outcome).toMatchObject({ code: 0 })
    expect(await second).toMatchObject({ code: 0 })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })

  it('or the record of its kind: that is written again, and nobody waits for a lock of their own', async ({
    sandbox,
    standIn,
  }) => {
    const { login, outcome } = await underWay({ sandbox, standIn })
    const record = path.join(sandbox.home, 'lock-kind')
    rmSync(record, { recursive: true })
    expect(await outcome).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(login.refreshToken)
    expect(readdirSync(record)).toEqual(['addon'])
  })

  it('and cannot be taken anew: its answer is handed out, kept, and said to be where', async ({
    sandbox,
    standIn,
  }) => {
    const { outcome } = await underWay({ sandbox, standIn }, startRefresh)
    const record = path.join(sandbox.home, 'lock-kind')
    renameSync(path.join(record, 'addon'), path.join(record, 'one of tomorrow'))
    const { code, stdout, stderr } = await outcome
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/names no lock that this version knows\.\nThe login is kept in \S+;/),
    })
    renameSync(path.join(record, 'one of tomorrow'), path.join(record, 'addon'))
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('with the whole home: it stays deleted', async ({ sandbox, standIn }) => {
    const { outcome } = await underWay({ sandbox, standIn }, startRefresh)
    rmSync(sandbox.home, { recursive: true })
    expect(await outcome).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('was removed or replaced'),
    })
    expect(sandbox.snapshot()).toEqual({})
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
  })

  it('with the whole home, which is restored from a copy', async ({ sandbox, standIn }) => {
    const { login, outcome } = await underWay({ sandbox, standIn })
    renameSync(sandbox.home, `${sandbox.home}.old`)
    sandbox.writeCredential(login)
    expect(await outcome).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(login.refreshToken)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('and a newer login has been made meanwhile: that one stays', async ({ sandbox, standIn }) => {
    const { outcome } = await underWay({ sandbox, standIn })
    rmSync(lockFile(sandbox))
    const newer = await sandbox.logIn(standIn)
    expect(await outcome).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('was removed or replaced'),
    })
    expect(sandbox.readCredential().refreshToken).toBe(newer.refreshToken)
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })
})

const strace = needs('the lock file is replaced', 'strace')
describe.skipIf(strace.skip).concurrent(strace.title, () => {
  it('between its lock and the request: the lock is taken anew', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    const refresh = sandbox.start(['token'], { under: failing('fsync:delay_enter=700000:when=1') })
    await waitFor(() => statSync(lockFile(sandbox), { throwIfNoEntry: false }) !== undefined)
    await waitFor(() => Object.keys(sandbox.snapshot()).length > 1)
    rmSync(lockFile(sandbox))
    writeFileSync(lockFile(sandbox), '', { mode: 0o600 })
    const second = runInProcess(sandbox, ['token'])
    const [one, other] = await Promise.all([refresh.outcome, second])
    expect([one.code, other.code]).toEqual([0, 0])
    expect(one.stdout).toBe(other.stdout)
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it.for([
    ['ENOLCK', 'ENOLCK'],
    ['EOPNOTSUPP', 'ENOTSUP'],
    ['EINVAL', 'EINVAL'],
  ] as const)(
    'on a disk without locks (%s): exit 7 with what to do',
    async ([error, name], { sandbox, standIn }) => {
      await sandbox.logIn(standIn, expired())
      const before = sandbox.snapshot()
      const under = failing(`fcntl:error=${error}`, lockFile(sandbox))
      expect(await sandbox.run(['token'], { under })).toMatchObject({
        code: 7,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`cannot be locked \\(${name}\\).\n.*SPOTIFY_AUTH_HOME`)),
      })
      expect(await sandbox.run(['login', '--timeout', '5'], { under })).toMatchObject({ code: 7 })
      expect(sandbox.wasBrowserOpened()).toBe(false)
      expect(sandbox.snapshot()).toEqual(before)
      expect(standIn.requests).toEqual([])
    },
  )

  it('on a disk without locks: a library gets a storage error', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const under = failing('fcntl:error=ENOLCK', lockFile(sandbox))
    const script = `
      import { openSession } from 'spotify-auth-cli'
      await openSession().catch(({ name, code, hint }) => console.log(name, code, hint))`
    const { stdout } = await startScript(script, sandbox.env, { under }).outcome
    expect(stdout).toMatch(/^SpotifyAuthError storage .*SPOTIFY_AUTH_HOME/)
  })
})

it('a lock file and a directory of it: nobody else can look in', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  await runInProcess(sandbox, ['token'])
  expect(statSync(lockFile(sandbox)).mode & 0o777).toBe(0o600)
  expect(statSync(path.dirname(lockFile(sandbox))).mode & 0o777).toBe(0o700)
})
