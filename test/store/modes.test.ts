import { chmodSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { dotfileStorage } from '../../src/session/dotfile-storage.ts'
import { expired } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { lockFile } from '../support/refreshing.ts'
import { withUmask } from '../support/under.ts'
import { visit } from '../support/visit.ts'

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)

describe('a login makes a file of mode 0600 in directories of mode 0700 under a umask of', () => {
  it.for(['0', '077', '0777'])('%s', async (mask, { sandbox }) => {
    const mine = process.umask()
    try {
      // One that takes a file from its owner is the program's alone: it would do the same to the tests.
      if (mask !== '0777') process.umask(mask)
      const login = await (mask === '0777'
        ? sandbox.beginLogin([], { under: withUmask(mask) })
        : beginLoginInProcess(sandbox))
      await visit(await login.answer('agree'))
      expect(await login.outcome).toMatchObject({ code: 0 })
    } finally {
      process.umask(mine)
    }
    const made = [sandbox.credentialFile, path.dirname(sandbox.credentialFile), sandbox.home]
    expect(made.map(mode)).toEqual(['600', '700', '700'])
  })
})

it('the lock file is for its owner alone', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  await sandbox.run(['token'], { under: withUmask('0') })
  expect(mode(lockFile(sandbox))).toBe('600')
})

describe('the file of a login is tightened to 0600, with a warning, when its mode is', () => {
  it.for(['0644', '0640', '0604'])('%s', async (loose, { sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    chmodSync(sandbox.credentialFile, Number.parseInt(loose, 8))
    const outcome = loose === '0644' ? sandbox.run(['token']) : runInProcess(sandbox, ['token'])
    expect(await outcome).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('its mode is 0600 now'),
    })
    expect(mode(sandbox.credentialFile)).toBe('600')
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
  })
})

it('a process that stays tightens it, too, where it is loosened between two looks', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn)
  const said: string[] = []
  const stderr = { isTerminal: false, columns: 80, write: (text: string) => void said.push(text) }
  const storage = dotfileStorage({ home: sandbox.home, profile: 'default' }, stderr)
  await storage.read()
  chmodSync(sandbox.credentialFile, 0o644)
  await storage.read()
  expect(mode(sandbox.credentialFile)).toBe('600')
  expect(said).toEqual([`Other users could read ${sandbox.credentialFile}; its mode is 0600 now.\n`])
})
