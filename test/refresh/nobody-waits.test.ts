import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { refreshes, soon } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { startScript } from '../support/script.ts'

describe.concurrent('a token in its last five minutes', () => {
  it('is refreshed by nobody else when the refresh outlives its command', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 1_000 })
    for (let run = 0; run < 3; run++) expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('of another profile is refreshed there', async ({ sandbox, standIn }) => {
    const login = await sandbox.logIn(standIn, soon())
    const env = { SPOTIFY_AUTH_PROFILE: 'work' }
    const file = path.join(path.dirname(sandbox.credentialFile), 'work.json')
    await runInProcess(sandbox, ['token'], { env })
    expect(existsSync(file)).toBe(false)
    expect(refreshes(standIn)).toHaveLength(0)
    await sandbox.run(['token', '--profile', 'default'], { env })
    await waitFor(() => sandbox.readCredential().accessToken !== login.accessToken)
  })

  it('costs a disk that takes nothing no process for each command', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    const under = ['sh', '-c', 'ulimit -f 0; exec "$0" "$@"']
    for (let run = 0; run < 2; run++)
      expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    await sleep(500)
    expect(refreshes(standIn)).toHaveLength(0)
  })
})

describe.concurrent('a session on a token in its last five minutes', () => {
  it('hands it out when the refresh fails', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { reset: true })
    const lines = `
      import { openSession } from 'spotify-auth-cli'
      const session = await openSession()
      console.log(await session.accessToken())`
    const { code, stdout, stderr } = await startScript(lines, sandbox.env).outcome
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${accessToken}\n`, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('ends by a signal that comes during the refresh, after its token is saved', async ({
    sandbox,
    standIn,
  }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 700 })
    const lines = `
      import { openSession } from 'spotify-auth-cli'
      await openSession()
      setInterval(() => {}, 1000)`
    const script = startScript(lines, sandbox.env)
    await waitFor(() => refreshes(standIn).length === 1)
    script.child.kill('SIGTERM')
    expect(await script.outcome).toMatchObject({ signal: 'SIGTERM' })
    expect(sandbox.readCredential().accessToken).not.toBe(accessToken)
  })
})
