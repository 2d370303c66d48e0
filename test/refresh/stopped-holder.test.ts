import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { runAtOnce } from '../support/at-once.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { startRefresh } from '../support/refreshing.ts'

/** A change for `logIn`: too near the end to be used without a refresh, unless there is no other way. */
const nearlyOver = () => ({ expiresAtMs: Date.now() + 40_000 })

describe.concurrent('while the holder of the lock is stopped during its request', () => {
  it.for([
    ['five waiters with an expired token exit 6', expired, 6],
    ['five waiters with a token that is valid for a while use it', nearlyOver, 0],
  ] as const)('%s, and nobody refreshes a second time', async ([, changes, code], { sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const holder = await startRefresh({ sandbox, standIn }, { delayMs: 1_000 }, changes())
    holder.child.kill('SIGSTOP')
    const waiters = await runAtOnce(sandbox, ['token'], { programs: 1, here: 4 })
    expect(waiters.map((waiter) => waiter.code)).toEqual(Array(5).fill(code))
    if (code === 6) expect(waiters[0]?.stderr).toContain('Another spotify-auth')
    expect(refreshes(standIn)).toHaveLength(1)
    holder.child.kill('SIGCONT')
    expect(await holder.outcome).toMatchObject({ code: 0 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('a waiter does not use a valid token of a login that has ended meanwhile', async ({
    sandbox,
    standIn,
  }) => {
    const holder = await startRefresh({ sandbox, standIn }, { hang: true }, nearlyOver())
    holder.child.kill('SIGSTOP')
    const waiter = runInProcess(sandbox, ['token'])
    await sleep(2_000)
    sandbox.writeCredential({ ...holder.login, ended: 'revoked' })
    expect(await waiter).toMatchObject({ code: 4, stdout: '' })
  })
})
