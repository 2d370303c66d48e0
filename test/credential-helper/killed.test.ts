import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { killedAtTheRename, killedAtTheWrite } from '../support/failing-calls.ts'
import { runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { it as withHelper } from '../support/with-helper.ts'

const it = withHelper.extend({ standInOptions: { rotation: 'strict' as const } })

describe.concurrent('kill -9 while the helper is at work costs no login, also where Spotify rotates strictly:', () => {
  it.for([
    ['it is asked for the login', 'get', 1],
    ['it stores the same again', 'store', 1],
    ['it stores the new token', 'store', 2],
    ['it is asked what it has stored', 'get', 2],
  ] as const)('%s', async ([, action, nth], { sandbox, standIn, helper }) => {
    helper.fault(action, 'slow', nth)
    const { child, outcome } = sandbox.start(['token'])
    const calls: string[] = []
    await waitFor(() => {
      calls.push(...helper.calls())
      return calls.filter((each) => each === action).length >= nth
    })
    child.kill('SIGKILL')
    expect(await outcome).toMatchObject({ signal: 'SIGKILL' })
    // In this process it starts while the helper is still at work.
    const next = await runInProcess(sandbox, ['token'])
    expect(next).toMatchObject({ code: 0, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(Object.keys(sandbox.snapshot()).sort()).toEqual(['default.helpers', 'default.json'])
    expect(sandbox.readCredential().refreshToken).toMatch(/^sha256:/)
    // Until what was left at work has done it.
    await sleep(500)
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('a helper that hangs with the new token takes it along, and the next command says so', async ({
    sandbox,
    helper,
  }) => {
    helper.fault('store', 'hang', 2)
    const { child, outcome } = sandbox.start(['token'])
    const calls: string[] = []
    await waitFor(() => {
      calls.push(...helper.calls())
      return calls.filter((each) => each === 'store').length >= 2
    })
    child.kill('SIGKILL')
    await outcome
    helper.mend()
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('an earlier refresh was cut off'),
    })
  })

  const { title, skip } = needs('the new token is with the helper, but the file is the old one', 'strace')
  it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
    expect(await sandbox.run(['token'], { under: killedAtTheRename })).toMatchObject({ signal: 'SIGKILL' })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
  })

  const again = needs('the new token is with the helper, and the file has the one before it', 'strace')
  it.skipIf(again.skip)(again.title, async ({ sandbox, standIn, helper }) => {
    helper.fault('store', 'fail', 2)
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    expect(sandbox.readCredential().refreshToken).not.toMatch(/^sha256:/)
    helper.mend()
    const killed = await sandbox.run(['token', '--refresh'], { under: killedAtTheWrite })
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    expect(refreshes(standIn)).toHaveLength(2)
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().refreshToken).toMatch(/^sha256:/)
  })
})
