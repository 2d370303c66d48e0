import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { startRefresh } from '../support/refreshing.ts'
import { atOnce } from '../support/under.ts'

it('fifty commands at once with an expired token are fifty successes and one refresh', async ({
  sandbox,
  standIn,
}) => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn, expired())
  const { stdout, stderr } = await sandbox.run(['token'], { under: atOnce(50) })
  const { accessToken } = sandbox.readCredential()
  expect({ stdout, stderr }).toEqual({ stdout: `${accessToken}\n`.repeat(50), stderr: '' })
  expect(refreshes(standIn)).toHaveLength(1)
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
})

it('ten commands at once with a token that Spotify refuses are ten successes and one refresh', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn, { accessToken: 'revoked' })
  expect(await sandbox.run(['now-playing'], { under: atOnce(10) })).toMatchObject({ stdout: '', stderr: '' })
  expect(refreshes(standIn)).toHaveLength(1)
})

describe.concurrent('a refresh that another command has begun', () => {
  it('is waited for, however slow it is', async ({ sandbox, standIn }) => {
    const first = await startRefresh({ sandbox, standIn }, { delayMs: 9_000 })
    const second = await sandbox.run(['token'])
    expect(second).toMatchObject({ code: 0, stdout: (await first.outcome).stdout })
    expect(refreshes(standIn)).toHaveLength(1)
  })
})
