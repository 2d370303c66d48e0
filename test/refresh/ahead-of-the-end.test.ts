import { utimesSync, writeFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { refreshes, soon } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { lockFile, startRefresh } from '../support/refreshing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { withFileSizeLimit } from '../support/under.ts'

/** As old as that of a holder that was stopped for long, so that its age alone turns nobody away. */
const ageLock = (sandbox: Sandbox) => utimesSync(lockFile(sandbox), new Date(0), new Date(0))

describe.concurrent('a token in its last five minutes', () => {
  it('is refreshed by one command while the others go on with it, without waiting', async ({
    sandbox,
    standIn,
  }) => {
    const first = await startRefresh({ sandbox, standIn }, { delayMs: 3_000 }, soon())
    const { accessToken } = first.login
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    expect(refreshes(standIn)).toEqual([expect.not.objectContaining({ status: expect.anything() })])
    expect((await first.outcome).stdout).toBe(`${accessToken}\n`)
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('is used while the lock is held by a process that took it long ago', async ({ sandbox, standIn }) => {
    const first = await startRefresh({ sandbox, standIn }, { delayMs: 3_000 }, soon())
    ageLock(sandbox)
    const { accessToken } = first.login
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n`, stderr: '' })
    expect(refreshes(standIn)).toEqual([expect.not.objectContaining({ status: expect.anything() })])
    await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it.for(['no', 'an old'])(
    'is used when Spotify fails, which with %s lock file is not repeated at once',
    async (lock, { sandbox, standIn }) => {
      const { accessToken } = await sandbox.logIn(standIn, soon())
      if (lock === 'an old') {
        writeFileSync(lockFile(sandbox), '')
        ageLock(sandbox)
      }
      standIn.fault('POST /api/token', { status: 503, body: '' }, { status: 503, body: '' })
      for (let run = 0; run < 2; run++)
        expect(await sandbox.run(['token'])).toMatchObject({
          code: 0,
          stdout: `${accessToken}\n`,
          stderr: '',
        })
      await waitFor(() => refreshes(standIn)[0]?.status === 503)
      expect(refreshes(standIn)).toHaveLength(1)
    },
  )

  it('is used when Spotify refuses the client', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_client' } })
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    await waitFor(() => refreshes(standIn)[0]?.status === 400)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
  })

  it('is used when the disk takes nothing', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    const under = withFileSizeLimit(0)
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    expect(refreshes(standIn)).toHaveLength(0)
  })

  it('is not used after invalid_grant, which is told to every later command', async ({
    sandbox,
    standIn,
  }) => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    await waitFor(() => sandbox.readCredential().ended === 'revoked')
    for (let run = 0; run < 2; run++)
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4, stdout: '' })
    expect(refreshes(standIn)).toHaveLength(1)
  })
})
