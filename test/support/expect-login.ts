import { expect } from 'vitest'
import type { Sandbox, WaitingLogin } from './sandbox.ts'
import type { StandIn } from './stand-in.ts'
import { visit } from './visit.ts'

/** The login has gone on waiting: the right callback succeeds with the first exchange, and then the program ends. */
export async function expectItWaits(
  login: Pick<WaitingLogin, 'answer' | 'outcome'>,
  standIn: StandIn,
  callback?: string,
): Promise<void> {
  const exchanges = () => standIn.requestsTo('POST /api/token')
  expect(exchanges()).toEqual([])
  expect(await visit(callback ?? (await login.answer('agree')))).toMatchObject({
    status: 200,
    text: expect.stringContaining('All set!'),
  })
  await expectItEnds(login)
  expect(exchanges()).toHaveLength(1)
}

/**
 * The program ends with exit code 0 by itself: sooner than a listener that was left open would let go of its idle
 * connections, which takes 5 s. `ends-at-once.alone.test.ts` asserts how soon exactly.
 */
export async function expectItEnds({ outcome }: Pick<WaitingLogin, 'outcome'>): Promise<void> {
  const from = Date.now()
  expect(await outcome).toMatchObject({ code: 0 })
  expect(Date.now() - from).toBeLessThan(4_000)
}

/** For `it.beforeEach`: somebody is logged in, and after the test the credential's directory is as it was before. */
export async function expectStoreStays({ sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn }) {
  await sandbox.logIn(standIn)
  const before = sandbox.snapshot()
  return () => expect(sandbox.snapshot()).toEqual(before)
}
