import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { needs } from '../support/tools.ts'
import { injecting, temporaryFile } from '../support/under.ts'

const early = needs('exit 7 before a token is spent, and nothing is left behind, after a failed', 'strace')
describe.skipIf(early.skip)(early.title, () => {
  it.for([
    ['fsync', 'ENOSPC'],
    ['fsync', 'EIO'],
    ['openat', 'ENOSPC'],
    ['fchmod', 'EPERM'],
  ] as const)('%s with %s', async ([call, error], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    const under = injecting(`${call}:error=${error}`, temporaryFile(sandbox))
    expect(await sandbox.run(['token'], { under })).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining(error),
    })
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes(standIn)).toHaveLength(0)
  })
})

const late = needs('a rename that fails is exit 7, and the login as it was', 'strace')
it.skipIf(late.skip)(late.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  const before = sandbox.snapshot()
  expect(await sandbox.run(['token'], { under: injecting('rename:error=EIO') })).toMatchObject({
    code: 7,
    stdout: '',
    stderr: expect.stringContaining('EIO'),
  })
  expect(sandbox.snapshot()).toEqual(before)
  expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
})

const half = needs('a write that takes a part of the bytes is followed by the rest', 'strace')
it.skipIf(half.skip)(half.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  // The first of the writes to the temporary file is told to have taken 7 bytes, which is what it must believe.
  const under = injecting('pwrite64:retval=7:when=1', temporaryFile(sandbox))
  expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0 })
  expect(sandbox.readCredential().expiresAtMs).toBeGreaterThan(Date.now())
  expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
})

const exclusive = needs('the temporary file is made, never opened', 'strace')
it.skipIf(exclusive.skip)(exclusive.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  const log = path.join(sandbox.env.HOME ?? '', 'trace')
  const only = ['-P', temporaryFile(sandbox), '-e', 'trace=openat']
  const under = [exclusive.file, '-f', '-qq', '-o', log, ...only]
  expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0 })
  expect(readFileSync(log, 'utf8')).toMatch(/^.*O_CREAT\|O_EXCL.*, 0600\) .*\n$/)
})

const logout = needs('a logout is done only when the removal is durable', 'strace')
it.skipIf(logout.skip)(logout.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  const under = injecting('fsync:error=EIO', path.dirname(sandbox.credentialFile))
  expect(await sandbox.run(['logout'], { under })).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('EIO'),
  })
})
