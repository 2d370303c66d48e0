import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { parseCredential, serializeCredential } from '../../src/session/credential-text.ts'
import { expired } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { visit } from '../support/visit.ts'

describe('what is saved can be read back, whatever Spotify answers:', () => {
  // The last emoji that has room is a half: before them stands a letter.
  it.for([
    ['a name of 70,000 letters', { display_name: 'x'.repeat(70_000) }, 200],
    ['a name of 20,000 emoji', { display_name: `x${'👩‍👩‍👧‍👦'.repeat(20_000)}` }, 199],
    ['a name of 20,000 control characters', { display_name: '\u0001'.repeat(20_000) }, 200],
    ['an id of 70,000 letters', { id: 'x'.repeat(70_000) }, undefined],
  ] as const)('%s', async ([, user, letters], { sandbox, standIn }) => {
    standIn.fault('GET /v1/me', { transform: (json) => ({ ...json, ...user }) })
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    const { code, stderr } = await login.outcome
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('is kept in') })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(await runInProcess(sandbox, ['status'])).toMatchObject({ code: 0 })
    const name = sandbox.readCredential().user?.displayName
    expect(name?.length).toBe(letters)
    expect(name ?? '').toSatisfy((each: string) => each.isWellFormed())
  })

  it.for([
    // It is no token, and without `--refresh` Spotify is not asked again for some seconds.
    ['an access token', { access_token: 'x'.repeat(64_800) }, 6, ['token', '--refresh']],
    ['a scope', { scope: 'x'.repeat(64_800) }, 0, ['token']],
    ['a refresh token', { refresh_token: 'x'.repeat(64_800) }, 0, ['token']],
  ] as const)('%s of 64,800 letters in a refresh', async ([, fields, code, next], { sandbox, standIn }) => {
    const before = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, ...fields }) })
    const outcome = await runInProcess(sandbox, ['token'])
    expect(outcome).toMatchObject({ code, stderr: expect.not.stringContaining('is kept in') })
    const { refreshToken, scopes } = before
    if ('refresh_token' in fields || 'scope' in fields)
      expect(sandbox.readCredential()).toMatchObject({ refreshToken, scopes })
    expect(await runInProcess(sandbox, [...next])).toMatchObject({ code: 0, stderr: '' })
    expect(await runInProcess(sandbox, ['status'])).toMatchObject({ code: 0 })
  })
})

describe('a refresh token that Spotify refuses', () => {
  it('is not kept, nor the access token; whose login it was is', async ({ sandbox, standIn }) => {
    const before = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
    const text = readFileSync(sandbox.credentialFile, 'utf8')
    expect(text).not.toContain(before.refreshToken)
    expect(text).not.toContain(before.accessToken)
    expect(parseCredential(text)).toMatchObject({
      ended: 'revoked',
      user: before.user,
      scopes: before.scopes,
    })
    for (const args of [
      ['token'],
      ['token', '--refresh'],
      ['now-playing'],
      ['status'],
      ['status', '--all'],
    ]) {
      const { code, stderr } = await runInProcess(sandbox, args)
      expect({ args, code, stderr }).not.toMatchObject({ code: 7 })
      expect(stderr).not.toContain('not a login')
    }
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('of the environment is told as refused, and not as replaced', async ({ sandbox, standIn }) => {
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
    const env = { ...sandbox.env, SPOTIFY_REFRESH_TOKEN: 'refused' }
    const outcome = await runInProcess({ env }, ['token'])
    expect(outcome).toMatchObject({ code: 4, stderr: expect.stringMatching(/^Spotify no longer accepts/) })
  })

  it('of a file that an earlier version has left with it is read as ever', async ({ sandbox, standIn }) => {
    const ended = { ...(await sandbox.logIn(standIn, expired())), ended: 'revoked' as const }
    expect(serializeCredential(ended)).toContain(ended.refreshToken)
    sandbox.writeCredential(ended)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
  })
})

it('two logins in the same second: the name of one never stands on the other', async ({
  sandbox,
  standIn,
}) => {
  const [first, second] = [await beginLoginInProcess(sandbox), await beginLoginInProcess(sandbox)]
  const [one, other] = [await first.answer('agree'), await second.answer('agree')]
  standIn.fault('GET /v1/me', { delayMs: 1_500 }, { status: 403, body: '' })
  await sleep(1_000 - (Date.now() % 1_000))
  await visit(one)
  await visit(other)
  expect(await second.outcome).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('not whose it is'),
  })
  const credential = sandbox.readCredential()
  expect(await first.outcome).toMatchObject({ code: 0 })
  expect(sandbox.readCredential()).toEqual(credential)
  expect(credential.user).toBeUndefined()
})

it('a login of an earlier version, without an id, is refreshed and shares what is playing', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn)
  expect(sandbox.readCredential().loginId).toBeUndefined()
  expect(await sandbox.run(['now-playing', '--max-age', '60'])).toMatchObject({ code: 0 })
  expect(await runInProcess(sandbox, ['now-playing', '--max-age', '60'])).toMatchObject({ code: 0 })
  expect(standIn.requestsTo('GET /v1/me/player/currently-playing')).toHaveLength(1)
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
})
