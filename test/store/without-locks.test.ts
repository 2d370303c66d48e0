import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { expired } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { programFile, type Sandbox } from '../support/sandbox.ts'

/** The program among its packages but for the lock's, as a program to start instead of the usual one. */
function withoutLocks({ env }: Sandbox): string[] {
  const bare = path.join(env.HOME ?? '', 'bare')
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
  mkdirSync(path.join(bare, 'node_modules'), { recursive: true })
  for (const name of readdirSync(modules)) {
    if (name !== 'fs-native-extensions')
      symlinkSync(path.join(modules, name), path.join(bare, 'node_modules', name))
  }
  cpSync(path.dirname(programFile), path.join(bare, 'dist'), { recursive: true })
  const program = path.join(bare, 'dist', path.basename(programFile))
  // `$0` is Node, and `$1` the program that would have been started.
  return ['sh', '-c', `shift; exec "$0" '${program}' "$@"`]
}

describe('where the kernel lock cannot be loaded', () => {
  it('a valid token works, and nothing is ever refreshed without exclusion', async ({ sandbox, standIn }) => {
    const under = withoutLocks(sandbox)
    const unavailable = expect.stringContaining('File locks are not available')
    await sandbox.logIn(standIn)
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stderr: '' })
    await sandbox.logIn(standIn, expired())
    expect(await sandbox.run(['token'], { under })).toMatchObject({
      code: 7,
      stdout: '',
      stderr: unavailable,
    })
    expect(await sandbox.run(['login'], { under })).toMatchObject({ code: 7, stderr: unavailable })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toEqual([])
  })
})
