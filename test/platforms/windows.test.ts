import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { tellStory } from '../support/platform-story.ts'
import { atConsole, holdOpen, removeWindows, windows } from '../support/platforms.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'

afterAll(removeWindows)

tellStory([windows])

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
  it('a login is saved once a program lets go of its file, and is not spent while that is open', async ({
    sandbox,
    standIn,
  }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    const { options } = await windows.prepare(sandbox)
    const letGo = await holdOpen(sandbox, sandbox.credentialFile)
    expect(await sandbox.run(['token', '--refresh'], options)).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining(
        'Nothing was changed. Close the file where another program has it open',
      ),
    })
    expect(sandbox.readCredential().accessToken).toBe(accessToken)
    expect(refreshes(standIn)).toEqual([])

    const refresh = sandbox.start(['token', '--refresh'], options)
    const hasDraft = () =>
      readdirSync(path.dirname(sandbox.credentialFile)).some((name) => name.endsWith('.tmp'))
    await waitFor(hasDraft, 60_000)
    await setTimeout(200)
    await letGo()
    expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().accessToken).not.toBe(accessToken)
  })

  // On a slow machine Wine's console has lost the key.
  const mayLoseKeys = { retry: 1, timeout: 90_000 }
  it.skipIf(process.platform === 'win32')(
    'Ctrl-C ends a login at once, with 130',
    mayLoseKeys,
    async ({ sandbox }) => {
      const env = { SPOTIFY_AUTH_HOME: `Z:${sandbox.home}`, BROWSER: 'cmd /c exit' }
      const login = sandbox.startInTerminal(['login', '--port', '0'], { env, under: await atConsole() })
      await waitFor(() => login.stdout().includes('Ctrl-C'), 60_000)
      login.child.stdin?.write('\x03')
      expect(await login.outcome).toMatchObject({ code: 130, signal: null })
    },
  )
})
