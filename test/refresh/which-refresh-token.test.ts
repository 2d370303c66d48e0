import { describe, expect } from 'vitest'
import { expired } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { presentedTokens } from '../support/refreshing.ts'

describe('the stored refresh token is kept, and presented again, after an answer', () => {
  it.for([
    ['without one', ({ refresh_token: _, ...json }: Record<string, unknown>) => json],
    ['with null for one', (json: object) => ({ ...json, refresh_token: null })],
    ['with an empty one', (json: object) => ({ ...json, refresh_token: '' })],
  ] as const)('%s', async ([, transform], { sandbox, standIn }) => {
    const { refreshToken } = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { transform })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    expect(presentedTokens(standIn)).toEqual([refreshToken, refreshToken])
  })
})

it('a new refresh token is saved even when the rest of the answer is unusable', async ({
  sandbox,
  standIn,
}) => {
  standIn.rotation = 'strict'
  const { refreshToken } = await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { transform: (json) => ({ ...json, access_token: 5 }) })
  expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
  expect(sandbox.readCredential().refreshToken).not.toBe(refreshToken)
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
})

describe('SPOTIFY_REFRESH_TOKEN', () => {
  it('is refreshed for the command alone, and nothing is written', async ({ sandbox, standIn }) => {
    const { refresh_token } = await standIn.issue()
    const env = { SPOTIFY_REFRESH_TOKEN: refresh_token }
    const { code, stdout, stderr } = await sandbox.run(['token'], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await runInProcess(sandbox, ['now-playing'], { env })).toMatchObject({ code: 0 })
    const headers = { authorization: `Bearer ${stdout.trim()}` }
    expect((await fetch(`${standIn.apiUrl}/me`, { headers })).status).toBe(200)
    expect(() => sandbox.readCredential()).toThrow('ENOENT')
  })

  it('is what `token --refresh` refreshes, beside a stored login', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const before = sandbox.snapshot()
    const { refresh_token } = await standIn.issue()
    const env = { SPOTIFY_REFRESH_TOKEN: refresh_token }
    expect(await runInProcess(sandbox, ['token', '--refresh'], { env })).toMatchObject({ code: 0 })
    expect(presentedTokens(standIn)[0]).toBe(refresh_token)
    expect(sandbox.snapshot()).toEqual(before)
  })

  it('that Spotify replaces is said to be used up', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const { refresh_token } = await standIn.issue()
    const env = { SPOTIFY_REFRESH_TOKEN: refresh_token }
    const { code, stderr } = await runInProcess(sandbox, ['token'], { env })
    expect(code).toBe(0)
    expect(stderr).toContain('is used up')
    expect(stderr).not.toContain(refresh_token)
  })

  it('that the answer repeats has not been replaced', async ({ sandbox, standIn }) => {
    const { refresh_token } = await standIn.issue()
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, refresh_token }) })
    const env = { SPOTIFY_REFRESH_TOKEN: refresh_token }
    expect(await runInProcess(sandbox, ['token'], { env })).toMatchObject({ code: 0, stderr: '' })
  })

  it('needs a client id', async ({ sandbox }) => {
    const env = { SPOTIFY_REFRESH_TOKEN: 'x', SPOTIFY_CLIENT_ID: '' }
    expect(await runInProcess(sandbox, ['token'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('SPOTIFY_CLIENT_ID'),
    })
  })
})
