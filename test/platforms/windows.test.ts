import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { removeWindows, windows } from '../support/platforms.ts'
import type { Sandbox } from '../support/sandbox.ts'

afterAll(removeWindows)

/** How the program is started, after these lines of JavaScript, and with more environment. */
async function startedAfter(sandbox: Sandbox, lines: string, more: Record<string, string> = {}) {
  const file = path.join(sandbox.env.HOME ?? '', 'before.cjs')
  writeFileSync(file, lines)
  const { options } = await windows.prepare(sandbox)
  // A backslash would have to be doubled there.
  const NODE_OPTIONS = `--require ${file.replaceAll('\\', '/')}`
  return { ...options, env: { ...options.env, ...more, NODE_OPTIONS } }
}

describe.skipIf(windows.skip)(windows.title, { timeout: 120_000 }, () => {
  it('a login is replaced while somebody reads it', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    const held = `require('node:fs').openSync(${JSON.stringify(sandbox.credentialFile)})`
    const outcome = await sandbox.run(['token', '--refresh'], await startedAfter(sandbox, held))
    const refreshed = sandbox.readCredential().accessToken
    expect(outcome).toMatchObject({ code: 0, stdout: `${refreshed}\n`, stderr: '' })
    expect(refreshed).not.toBe(accessToken)
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })

  it('a home may have a path of more than 260 characters', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    const home = path.join(
      sandbox.home,
      ...['long', 'longer', 'longest'].map((name) => name.padEnd(100, '-')),
    )
    const file = path.join(home, 'credentials/default.json')
    mkdirSync(path.dirname(file), { recursive: true })
    copyFileSync(sandbox.credentialFile, file)
    const options = await startedAfter(sandbox, '', { SPOTIFY_AUTH_HOME: home })
    expect(await sandbox.run(['token', '--refresh'], options)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(file, 'utf8')).not.toContain(accessToken)
    expect(sandbox.readCredential().accessToken).toBe(accessToken)
    expect(await sandbox.run(['config', 'set', 'scope', 'player'], options)).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(readFileSync(path.join(home, 'config.json'), 'utf8')).toContain('player')
  })
})
