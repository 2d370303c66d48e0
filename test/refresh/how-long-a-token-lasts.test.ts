import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { dayMs } from '../support/refreshing.ts'

describe('one refresh, and none by the next command, when expires_in is', () => {
  it.for(['3600', 0, -1, undefined, 1e12, 'soon'])('%j', async (expires_in, { sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, expires_in }) })
    for (let run = 0; run < 2; run++)
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(refreshes(standIn)).toHaveLength(1)
  })
})

describe('one refresh, and none by the next command, when a clock that jumped has left a token that ends', () => {
  it.for([
    ['two days in the future', 2 * dayMs],
    ['an hour and a half in the future', 5_400_000],
    ['a year ago', -365 * dayMs],
  ] as const)('%s', async ([, offset], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() + offset })
    for (let run = 0; run < 2; run++)
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(sandbox.readCredential().expiresAtMs - Date.now()).toBeLessThanOrEqual(3_600_000)
  })
})
