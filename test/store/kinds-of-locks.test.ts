import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { type FileLock, withFileLock } from '../../src/system/file-lock.ts'
import { runAtOnce } from '../support/at-once.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { holdLock } from '../support/hold-lock.ts'
import { runInProcess } from '../support/in-process.ts'
import { kindsOfLocks, withoutAddon } from '../support/locks.ts'
import { success } from '../support/outcome.ts'
import { lockFile, startRefresh } from '../support/refreshing.ts'
import { type Sandbox, useLock } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

/** Does the work under the lock of the login. */
async function tryLock<T = void>(sandbox: Sandbox, waitMs = 0, work?: (lock: FileLock) => Promise<T>) {
  return withFileLock(sandbox.home, lockFile(sandbox), work ?? (async () => undefined as T), waitMs)
}

describe.for(kindsOfLocks)('in a home of the kind $title', ({ kind, skip }) => {
  const test = it.skipIf(skip)

  it.beforeEach(({ sandbox }) => useLock(sandbox, kind))

  test('twelve commands at once with an expired token are twelve successes and one refresh', async ({
    sandbox,
    standIn,
  }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn)
    // What this process needs is loaded by now, and the last one comes before the answer.
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { delayMs: 700 })
    const outcomes = await runAtOnce(sandbox, ['token'], { programs: 3, here: 9 })
    const { accessToken } = sandbox.readCredential()
    expect(outcomes).toEqual(Array(12).fill({ ...success, stdout: `${accessToken}\n` }))
    expect(refreshes(standIn)).toHaveLength(2)
  })

  test('kill -9 of its holder frees the lock', async ({ sandbox, standIn }) => {
    const { child, outcome } = await startRefresh({ sandbox, standIn }, { hang: true })
    await expect(tryLock(sandbox)).rejects.toMatchObject({ code: 'busy' })
    child.kill('SIGKILL')
    await outcome
    await tryLock(sandbox)
  })

  test('has one holder at a time, in one process, too', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const letGo = await holdLock(sandbox, lockFile(sandbox))
    for (let time = 0; time < 3; time++) {
      await expect(tryLock(sandbox, 50)).rejects.toMatchObject({ code: 'busy' })
    }
    const waiting = tryLock(sandbox, 10_000)
    letGo()
    await waiting
  })

  test('is let go although a program goes on that was started meanwhile', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const child = await tryLock(sandbox, 0, async () =>
      spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }),
    )
    await tryLock(sandbox)
    expect(child).toMatchObject({ exitCode: null, signalCode: null })
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  test('is lost where one of its files is replaced, or the record by one of another kind', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn)
    await tryLock(sandbox, 0, async ({ isHeld }) => {
      expect(isHeld()).toBe(true)
      const directory = path.dirname(sandbox.credentialFile)
      const files = readdirSync(directory).filter((name) => name.includes('.lock'))
      expect(files).toHaveLength(kind === 'sqlite' ? 2 : 1)
      for (const file of files.map((name) => path.join(directory, name))) {
        renameSync(file, `${file}.old`)
        expect(isHeld(), file).toBe(false)
        renameSync(`${file}.old`, file)
        expect(isHeld(), file).toBe(true)
      }
      rmSync(recordOf(sandbox), { recursive: true })
      expect(isHeld()).toBe(true)
      expect(readdirSync(recordOf(sandbox))).toEqual([kind])
      rmSync(recordOf(sandbox), { recursive: true })
      useLock(sandbox, kind === 'addon' ? 'flock' : 'addon')
      expect(isHeld()).toBe(false)
    })
  })

  test('is for nobody else to look into', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    await tryLock(sandbox)
    const directory = path.dirname(sandbox.credentialFile)
    for (const name of readdirSync(directory)) {
      if (name.includes('.lock')) expect(statSync(path.join(directory, name)).size, name).toBe(0)
      expect(statSync(path.join(directory, name)).mode & 0o777, name).toBe(0o600)
    }
  })
})

describe('a home that has no kind of lock yet', () => {
  const { title, skip } = needs('gets one, by one of many that would choose different ones', 'flock')
  it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const under = withoutAddon(sandbox)
    const seen = new Set<string>()
    for (let round = 0; round < 2; round++) {
      const { refreshToken } = await sandbox.logIn(standIn, expired())
      rmSync(recordOf(sandbox), { recursive: true })
      // The last one has to come before the new token, which needs no lock.
      standIn.fault('POST /api/token', { delayMs: 1_500 })
      const before = refreshes(standIn).length
      const [one, other] = round % 2 ? [[], under] : [under, []]
      const outcomes = await Promise.all(
        [one, other, one, other].map((each) => sandbox.run(['token'], { under: each })),
      )
      const [kind = '', ...more] = readdirSync(recordOf(sandbox))
      expect(more).toEqual([])
      seen.add(kind)
      // Those that have no addon cannot use a home of that kind; the others can use `flock`.
      const refused = outcomes.filter(({ code }) => code === 7)
      expect(refused.length, refused[0]?.stderr).toBe(kind === 'addon' ? 2 : 0)
      expect(outcomes.filter(({ code }) => code === 0)).toHaveLength(4 - refused.length)
      expect(refreshes(standIn).length).toBe(before + 1)
      expect(sandbox.readCredential().refreshToken).not.toBe(refreshToken)
      expect(readdirSync(sandbox.home).sort()).toEqual(['credentials', 'lock-kind'])
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  it('is given the addon where that can be loaded, also where a login has been made before', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, expired())
    rmSync(recordOf(sandbox), { recursive: true })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(recordOf(sandbox))).toEqual(['addon'])
    expect(readdirSync(sandbox.home).sort()).toEqual(['credentials', 'lock-kind'])
  })
})

const recordOf = ({ home }: Sandbox) => path.join(home, 'lock-kind')
