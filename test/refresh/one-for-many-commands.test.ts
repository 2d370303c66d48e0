import { describe, expect } from 'vitest'
import { runAtOnce } from '../support/at-once.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { success } from '../support/outcome.ts'
import { startRefresh } from '../support/refreshing.ts'

it.concurrent('fifty commands at once with an expired token are fifty successes and one refresh', async ({
  sandbox,
  standIn,
}) => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn)
  // The last one is to come before the answer, so what this process needs is loaded by now.
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { delayMs: 1_500 })
  const outcomes = await runAtOnce(sandbox, ['token'], { programs: 10, here: 40 })
  const { accessToken } = sandbox.readCredential()
  expect(outcomes).toEqual(Array(50).fill({ ...success, stdout: `${accessToken}\n` }))
  expect(refreshes(standIn)).toHaveLength(2)
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
})

it.concurrent('ten commands at once with a token that Spotify refuses are ten successes and one refresh', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn, { accessToken: 'revoked' })
  standIn.fault('POST /api/token', { delayMs: 700 })
  const outcomes = await runAtOnce(sandbox, ['now-playing'], { programs: 3, here: 7 })
  expect(outcomes).toEqual(Array(10).fill(success))
  expect(refreshes(standIn)).toHaveLength(1)
})

describe.concurrent('a refresh that another command has begun', () => {
  it('is waited for, however slow it is', async ({ sandbox, standIn }) => {
    const first = await startRefresh({ sandbox, standIn }, { delayMs: 6_000 })
    const second = await runInProcess(sandbox, ['token'])
    expect(second).toMatchObject({ code: 0, stdout: (await first.outcome).stdout })
    expect(refreshes(standIn)).toHaveLength(1)
  })
})
