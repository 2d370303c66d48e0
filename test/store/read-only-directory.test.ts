import { spawnSync } from 'node:child_process'
import { chmodSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired, refreshes, soon } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { draftBeside, lockFile } from '../support/refreshing.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { asNobody, isRoot } from '../support/under.ts'

/** Runs `token` while nothing can be written beside the login. */
async function tokenInReadOnlyDirectory(sandbox: Sandbox) {
  const directory = path.dirname(sandbox.credentialFile)
  if (isRoot) expect(spawnSync('chown', ['-R', '65534', sandbox.env.HOME ?? '']).status).toBe(0)
  chmodSync(directory, 0o500)
  const outcome = await sandbox.run(['token'], { under: asNobody })
  chmodSync(directory, 0o700)
  return outcome
}

/** What a refresh leaves that was killed long ago. */
function leaveRests(sandbox: Sandbox): void {
  writeFileSync(draftBeside(sandbox, sandbox.readCredential()), '')
  writeFileSync(lockFile(sandbox), '')
  utimesSync(lockFile(sandbox), new Date('2020-01-01'), new Date('2020-01-01'))
}

describe('in a directory that cannot be written', () => {
  it('an expired token is exit 7 without a token request', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    expect(await tokenInReadOnlyDirectory(sandbox)).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('EACCES'),
    })
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes(standIn)).toHaveLength(0)
  })

  it('a valid token works', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() + 3_000_000 })
    expect(await tokenInReadOnlyDirectory(sandbox)).toMatchObject({ code: 0, stderr: '' })
  })

  it('an expired token is exit 7 also among the rests of a killed refresh', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    leaveRests(sandbox)
    expect(await tokenInReadOnlyDirectory(sandbox)).toMatchObject({ code: 7 })
  })

  it('a token in its last minutes works also among the rests of a killed refresh', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, soon())
    leaveRests(sandbox)
    expect(await tokenInReadOnlyDirectory(sandbox)).toMatchObject({ code: 0 })
  })
})

const trace = needs('a valid token is one file read, none written and no lock taken', 'strace')
it.skipIf(trace.skip)(trace.title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  const calls = 'trace=openat,fcntl,fsync,rename,pwrite64,unlink,mkdir,chmod,fchmod'
  const { stderr } = await sandbox.run(['token'], {
    under: [trace.file, '-f', '-qq', '--seccomp-bpf', '-e', calls],
  })
  const ours = stderr
    .split('\n')
    .filter((line) => line.includes(sandbox.home) || /(fsync|rename|pwrite64|F_OFD)/.test(line))
  expect(ours).toEqual([
    expect.stringMatching(/openat\(AT_FDCWD, ".*default\.json", O_RDONLY\|O_NONBLOCK\|O_CLOEXEC\)/),
  ])
})
