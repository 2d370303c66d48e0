import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { callsOfRefresh, failing } from '../support/failing-calls.ts'
import { withFailingCalls } from '../support/failing-in-process.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

const { fsync, rename, pwrite64 } = callsOfRefresh

describe('exit 7 before a token is spent, and nothing is left behind, where there fails', () => {
  /** A refresh that ends with this error of the system, and the next one. */
  const expectNothingSpent = async (
    { sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn },
    error: string,
    refresh: () => ReturnType<Sandbox['run']>,
  ) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    expect(await refresh()).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining(error) })
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes(standIn)).toHaveLength(0)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
  }

  it.for([
    ['the opening of the proof', 'fchmod', 1, 'EPERM'],
    ['its write', 'pwrite64', pwrite64.proof, 'ENOSPC'],
    ['its fsync', 'fsync', fsync.proof, 'EIO'],
    ['its rename', 'rename', rename.proof, 'EIO'],
    ['the reserving write', 'pwrite64', pwrite64.reserve, 'ENOSPC'],
    ['the reserving fsync', 'fsync', fsync.reserve, 'ENOSPC'],
    ['the fsync of the directory', 'fsync', fsync.directory, 'EIO'],
  ] as const)('%s: %s number %i, with %s', async ([, call, when, error], { sandbox, standIn }) => {
    const fault = `${call}:error=${error}:when=${when}`
    const refresh = () => withFailingCalls(sandbox, fault, () => runInProcess(sandbox, ['token']))
    await expectNothingSpent({ sandbox, standIn }, error, refresh)
  })

  const early = needs('a call of the system: %s number %i, with %s', 'strace')
  it.skipIf(early.skip).for([
    ['pwrite64', pwrite64.reserve, 'ENOSPC'],
    ['fsync', fsync.directory, 'EIO'],
  ] as const)(early.title, async ([call, when, error], { sandbox, standIn }) => {
    const under = failing(`${call}:error=${error}:when=${when}`)
    await expectNothingSpent({ sandbox, standIn }, error, () => sandbox.run(['token'], { under }))
  })
})

const half = needs('a write that takes a part of the bytes is followed by the rest', 'strace')
it.skipIf(half.skip)(half.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  // The reserving write is told to have taken 7 bytes, which is what it must believe.
  const under = failing(`pwrite64:retval=7:when=${pwrite64.reserve}`)
  expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0 })
  expect(sandbox.readCredential().expiresAtMs).toBeGreaterThan(Date.now())
  expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
})

const exclusive = needs('the temporary file is made, never opened', 'strace')
it.skipIf(exclusive.skip)(exclusive.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  const log = path.join(sandbox.env.HOME ?? '', 'trace')
  const under = [exclusive.file, '-f', '-qq', '--seccomp-bpf', '-o', log, '-e', 'trace=openat']
  expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0 })
  const written = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /\.tmp", .*O_(WRONLY|RDWR)/.test(line))
  expect(written).toEqual(Array(2).fill(expect.stringMatching(/O_CREAT\|O_EXCL.*, 0600\)/)))
})

const logout = needs('a logout is done only when the removal is durable', 'strace')
it.skipIf(logout.skip)(logout.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  const under = failing('fsync:error=EIO', path.dirname(sandbox.credentialFile))
  expect(await sandbox.run(['logout'], { under })).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('EIO'),
  })
})
