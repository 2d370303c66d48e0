import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'

const player = 'GET /v1/me/player/currently-playing'
const refusal = { status: 401, body: { error: { status: 401, message: 'The access token expired' } } }

describe.concurrent('an access token that Spotify refuses', () => {
  it('once is one refresh and one repeat', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    standIn.fault(player, refusal)
    expect(await sandbox.run(['now-playing'])).toMatchObject({ code: 0 })
    expect([refreshes(standIn).length, standIn.requestsTo(player).length]).toEqual([1, 2])
  })

  it('for ever is exit 4 after two requests', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    standIn.fault(player, refusal, refusal, refusal)
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 4 })
    expect([refreshes(standIn).length, standIn.requestsTo(player).length]).toEqual([1, 2])
  })

  it('is refreshed where another process stored one that has expired as well', async ({
    sandbox,
    standIn,
  }) => {
    const login = await sandbox.logIn(standIn)
    standIn.fault(player, { delayMs: 1_000, ...refusal })
    const running = sandbox.start(['now-playing'])
    await waitFor(() => standIn.requestsTo(player).length === 1)
    sandbox.writeCredential({ ...login, ...expired(), accessToken: 'older' })
    expect(await running.outcome).toMatchObject({ code: 0 })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('while another process holds the lock is exit 6, and no reason to log in', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, { accessToken: 'revoked' })
    standIn.fault('POST /api/token', { hang: true })
    const holder = sandbox.start(['token', '--refresh'])
    await waitFor(() => refreshes(standIn).length === 1)
    holder.child.kill('SIGSTOP')
    const [playing, token] = await Promise.all([
      runInProcess(sandbox, ['now-playing']),
      runInProcess(sandbox, ['token', '--refresh']),
    ])
    expect(playing).toMatchObject({ code: 6, stderr: expect.stringContaining('Another spotify-auth') })
    expect(token).toMatchObject({ code: 6, stdout: '' })
  })
})
