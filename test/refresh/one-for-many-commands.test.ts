import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { startRefresh } from '../support/refreshing.ts'

it('fifty commands at once with an expired token are fifty successes and one refresh', async ({
  sandbox,
  standIn,
}) => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn, expired())
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => sandbox.run(['token'])))
  const { accessToken } = sandbox.readCredential()
  expect(outcomes.filter(({ stdout }) => stdout === `${accessToken}\n`)).toHaveLength(50)
  expect(refreshes(standIn)).toHaveLength(1)
  expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
})

it('ten commands at once with a token that Spotify refuses are ten successes and one refresh', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn, { accessToken: 'revoked' })
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => sandbox.run(['now-playing'])))
  expect(outcomes.map(({ code }) => code)).toEqual(Array(10).fill(0))
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
