import { writeFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, perform, runInProcess } from '../support/in-process.ts'
import { authorizedToEndIn, dayMs, startRefreshInProcess } from '../support/refreshing.ts'
import { visit } from '../support/visit.ts'

const ended = { status: 400, body: { error: 'invalid_grant' } }

it('after invalid_grant every command exits 4 without a request, until a login helps', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', ended)
  expect(await sandbox.run(['token'])).toMatchObject({ code: 4 })
  const before = standIn.requests.length
  const { code, stderr } = await sandbox.run(['now-playing', '--json'])
  expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 4, error: 'login_expired' })
  for (const args of [['token'], ['status'], ['token', '--refresh'], ['status', '--check']]) {
    const error = { exitCode: 4, code: 'login_expired' }
    await expect(perform(sandbox, [...args, '--json'])).rejects.toMatchObject(error)
  }
  expect(standIn.requests).toHaveLength(before)
  const { answer, outcome } = await beginLoginInProcess(sandbox)
  await visit(await answer('agree'))
  expect(await outcome).toMatchObject({ code: 0 })
  expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
})

describe.concurrent('invalid_grant while another process stores a new login', () => {
  it('is no end: the new login is used', async ({ sandbox, standIn }) => {
    const { login, outcome } = await startRefreshInProcess({ sandbox, standIn }, { delayMs: 1_000, ...ended })
    const { access_token, refresh_token } = await standIn.issue()
    sandbox.writeCredential({
      ...login,
      accessToken: access_token,
      refreshToken: refresh_token,
      expiresAtMs: Date.now() + 3_000_000,
    })
    expect(await outcome).toMatchObject({ code: 0, stdout: `${access_token}\n` })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('or anything else: that is left as it is, and nothing beside it', async ({ sandbox, standIn }) => {
    const { outcome } = await startRefreshInProcess({ sandbox, standIn }, { delayMs: 1_000, ...ended })
    writeFileSync(sandbox.credentialFile, '{')
    expect(await outcome).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('is not a login of this program'),
    })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })
})

describe('why the login has ended is told, each time:', () => {
  const expiry = 'has expired: Spotify ends every login six months after'
  it.for([
    ['agreed to 200 days ago, it has expired after six months', () => Date.now() - 200 * dayMs, expiry],
    ['half a day before its six months are over, it counts as expired', () => authorizedToEndIn(0.5), expiry],
    ['agreed to 3 days ago, it was revoked', () => Date.now() - 3 * dayMs, 'perhaps you removed the app'],
  ] as const)('%s', async ([, authorizedAtMs, message], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, { ...expired(), authorizedAtMs: authorizedAtMs() })
    standIn.fault('POST /api/token', ended)
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await runInProcess(sandbox, ['token'])
      expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining(message) })
      expect(stderr).toContain('Run: spotify-auth login\n')
    }
  })
})
