import { describe, expect } from 'vitest'
import { refreshes, soon } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

describe('a token in its last five minutes', () => {
  it('is printed at once, while the accounts server takes its time', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 1_500 })
    expect(await sandbox.run(['token'])).toEqual({
      code: 0,
      signal: null,
      stdout: `${accessToken}\n`,
      stderr: '',
    })
    expect(sandbox.readCredential().accessToken).toBe(accessToken)
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
  })

  it('is refreshed by a watch, too, while that shows what plays', async ({ sandbox, standIn }) => {
    standIn.playback = track
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 1_500 })
    const bar = sandbox.start(['now-playing', '--watch', '--format', '{title}'])
    await waitFor(() => bar.stdout() === 'Clair de lune\n')
    expect(sandbox.readCredential().accessToken).toBe(accessToken)
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
    expect(refreshes(standIn)).toHaveLength(1)
  })
})

// Both wait for longer than two seconds, so beside each other.
describe.concurrent('beside a command that has two seconds, a token in its last five minutes', () => {
  const { title, skip } = needs(
    'is refreshed although the bar kills each command after two seconds',
    'timeout',
  )
  it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    standIn.playback = track
    const before = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 2_500 })
    const bar = await sandbox.run(['now-playing', '--format', '{title}'], { under: ['timeout', '2'] })
    expect(bar).toMatchObject({ code: 0, stdout: 'Clair de lune\n', stderr: '' })
    await waitFor(() => sandbox.readCredential().accessToken !== before.accessToken)
    expect(sandbox.readCredential().refreshToken).not.toBe(before.refreshToken)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('is refreshed although its command gets no answer of the Web API', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('GET /v1/me/player/currently-playing', { hang: true })
    const bar = sandbox.start(['now-playing'], { under: ['timeout', '2'] })
    expect(await bar.outcome).toMatchObject({ code: 124 })
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken, 5_000)
  })
})
