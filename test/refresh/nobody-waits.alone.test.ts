import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { refreshes, soon } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { waitFor } from '../support/sandbox.ts'
import { startScript } from '../support/script.ts'
import { needs } from '../support/tools.ts'

describe('a token in its last five minutes', () => {
  it('is printed at once, while the accounts server takes its time', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 3_000 })
    const startedAt = Date.now()
    expect(await sandbox.run(['token'])).toEqual({
      code: 0,
      signal: null,
      stdout: `${accessToken}\n`,
      stderr: '',
    })
    expect(Date.now() - startedAt).toBeLessThan(1_000)
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
  })

  const { title, skip } = needs(
    'is refreshed although the bar kills each command after two seconds',
    'timeout',
  )
  it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    standIn.playback = track
    const before = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 3_000 })
    const bar = await sandbox.run(['now-playing', '--format', '{title}'], { under: ['timeout', '2'] })
    expect(bar).toMatchObject({ code: 0, stdout: 'Clair de lune\n', stderr: '' })
    await waitFor(() => sandbox.readCredential().accessToken !== before.accessToken)
    expect(sandbox.readCredential().refreshToken).not.toBe(before.refreshToken)
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('is refreshed by nobody else when the refresh outlives its command', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 1_000 })
    for (let run = 0; run < 5; run++) expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('is refreshed by a watch, too, while that shows what plays', async ({ sandbox, standIn }) => {
    standIn.playback = track
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 1_000 })
    const bar = sandbox.start(['now-playing', '--watch', '--format', '{title}'])
    await waitFor(() => bar.stdout() === 'Clair de lune\n', 1_000)
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken, 5_000)
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('is refreshed although its command gets no answer of the Web API', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('GET /v1/me/player/currently-playing', { hang: true })
    const bar = sandbox.start(['now-playing'], { under: ['timeout', '2'] })
    expect(await bar.outcome).toMatchObject({ code: 124 })
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken, 5_000)
  })

  it('of another profile is refreshed there', async ({ sandbox, standIn }) => {
    const login = await sandbox.logIn(standIn, soon())
    const env = { SPOTIFY_AUTH_PROFILE: 'work' }
    const file = path.join(path.dirname(sandbox.credentialFile), 'work.json')
    await sandbox.run(['token'], { env })
    expect(existsSync(file)).toBe(false)
    expect(refreshes(standIn)).toHaveLength(0)
    await sandbox.run(['token', '--profile', 'default'], { env })
    await waitFor(() => sandbox.readCredential().accessToken !== login.accessToken)
  })

  it('costs a disk that takes nothing no process for each command', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    const under = ['sh', '-c', 'ulimit -f 0; exec "$0" "$@"']
    for (let run = 0; run < 3; run++)
      expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    await sleep(500)
    expect(refreshes(standIn)).toHaveLength(0)
  })
})

describe('a session on a token in its last five minutes', () => {
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
