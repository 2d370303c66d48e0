import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { removeWindows, windows } from '../support/platforms.ts'
import type { Sandbox } from '../support/sandbox.ts'

afterAll(removeWindows)

async function withHome(sandbox: Sandbox, home: string) {
  const { options } = await windows.prepare(sandbox)
  return { ...options, env: { ...options.env, SPOTIFY_AUTH_HOME: home } }
}

describe.skipIf(windows.skip)(windows.title, { timeout: 120_000 }, () => {
  it('a home may have a path of more than 260 characters', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    const home = path.join(
      sandbox.home,
      ...['long', 'longer', 'longest'].map((name) => name.padEnd(100, '-')),
    )
    const file = path.join(home, 'credentials/default.json')
    mkdirSync(path.dirname(file), { recursive: true })
    copyFileSync(sandbox.credentialFile, file)
    const options = await withHome(sandbox, home)
    expect(await sandbox.run(['token', '--refresh'], options)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(file, 'utf8')).not.toContain(accessToken)
    expect(sandbox.readCredential().accessToken).toBe(accessToken)
    expect(await sandbox.run(['config', 'set', 'scope', 'player'], options)).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(readFileSync(path.join(home, 'config.json'), 'utf8')).toContain('user-modify-playback-state')
  })
})
