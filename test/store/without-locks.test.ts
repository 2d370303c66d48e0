import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { hasSqlite, withoutAddon, withoutSqlite, withPath } from '../support/locks.ts'
import { useLock } from '../support/sandbox.ts'

describe('where there is no kernel lock', () => {
  it('a valid token works, and nothing is ever refreshed without exclusion', async ({ sandbox, standIn }) => {
    const without = { under: withoutAddon(sandbox), env: { ...withPath(sandbox, {}), ...withoutSqlite } }
    const unavailable = expect.stringMatching(/File locks are not available.*\n.*flock.*util-linux.*Node 22/)
    await sandbox.logIn(standIn)
    rmSync(path.join(sandbox.home, 'lock-kind'), { recursive: true })
    expect(await sandbox.run(['token'], without)).toMatchObject({ code: 0, stderr: '' })
    await sandbox.logIn(standIn, expired())
    rmSync(path.join(sandbox.home, 'lock-kind'), { recursive: true })
    expect(await sandbox.run(['token'], without)).toMatchObject({ code: 7, stdout: '', stderr: unavailable })
    expect(await sandbox.run(['login'], without)).toMatchObject({ code: 7, stderr: unavailable })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toEqual([])
    expect(readdirSync(sandbox.home)).toEqual(['credentials'])
  })

  it.for([
    ['addon', 'the package fs-native-extensions'],
    ['flock', 'the program flock'],
    ['sqlite', 'node:sqlite'],
    ['one of tomorrow', 'no lock that this version knows'],
  ] as const)(
    'of the kind of its home (%s): a valid token works, nothing is refreshed, and it is told',
    async ([kind, name], { sandbox, standIn }) => {
      useLock(sandbox, kind as 'addon')
      // What this process has can be missing in a program of its own alone.
      const isMissingHere = kind === 'one of tomorrow' || (kind === 'sqlite' && !hasSqlite)
      const without = isMissingHere
        ? {}
        : { under: withoutAddon(sandbox), env: { ...withPath(sandbox, {}), ...withoutSqlite } }
      const run = (args: string[]) =>
        isMissingHere ? runInProcess(sandbox, args) : sandbox.run(args, without)
      await sandbox.logIn(standIn)
      expect(await run(['token'])).toMatchObject({ code: 0, stderr: '' })
      const before = (await sandbox.logIn(standIn, expired())).accessToken
      const outcome = await run(['token'])
      expect(outcome).toMatchObject({ code: 7, stdout: '' })
      expect(outcome.stderr).toContain(name)
      expect(await run(['login'])).toMatchObject({ code: 7 })
      expect(sandbox.readCredential().accessToken).toBe(before)
      expect(standIn.requests).toEqual([])
    },
  )
})
