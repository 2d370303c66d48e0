import { utimesSync, writeFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { serializeCredential } from '../../src/session/credential-text.ts'
import { refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { credentialFileOf } from '../support/profiles.ts'
import { waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

it('says who is logged in, until when and where, without a request', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, {
    scopes: ['user-read-email'],
    expiresAtMs: Date.now() + 1_830_000,
    authorizedAtMs: Date.parse('2026-11-20T12:00:00Z'),
  })
  const { code, stdout, stderr } = await sandbox.run(['status'], { env: { TZ: 'UTC' } })
  expect({ code, stderr, lines: stdout.split('\n') }).toEqual({
    code: 0,
    stderr: '',
    lines: [
      '✓ Logged in as Ada Lovelace (ada.lovelace)',
      '  Profile       default',
      '  Scopes        user-read-email',
      '  Access token  valid for 30 min, then refreshed by itself',
      expect.stringMatching(/^ {2}Login {9}ends 20 May 2027, in \d+ days$/),
      `  File          ${sandbox.credentialFile}`,
      '',
    ],
  })
  expect(standIn.requests).toEqual([])
})

it('prints JSON', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, {
    authorizedAtMs: Date.parse('2026-11-20T12:00:00Z'),
    expiresAtMs: 2_000_000_000_000,
    scopes: ['a'],
  })
  expect(JSON.parse((await runInProcess(sandbox, ['status', '--json'])).stdout)).toEqual({
    profile: 'default',
    user: { id: 'ada.lovelace', display_name: 'Ada Lovelace' },
    client_id: sandbox.env.SPOTIFY_CLIENT_ID,
    scope: 'a',
    expires_at: 2_000_000_000,
    authorized_at: Date.parse('2026-11-20T12:00:00Z') / 1000,
    authorization_ends_at: Date.parse('2027-05-20T12:00:00Z') / 1000,
    credential_helper: null,
    file: sandbox.credentialFile,
    closed: [],
  })
})

it('exits 4 when not logged in, also with --check', async ({ sandbox }) => {
  expect(await runInProcess(sandbox, ['status'])).toMatchObject({ code: 4, stdout: '' })
  expect(await runInProcess(sandbox, ['status', '--check'])).toMatchObject({ code: 4, stdout: '' })
})

it('asks Spotify with --check', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  expect(await runInProcess(sandbox, ['status', '--check'])).toMatchObject({ code: 0 })
  expect(standIn.requestsTo('GET /v1/me')).toHaveLength(1)
  standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
  await sandbox.logIn(standIn, { expiresAtMs: 0 })
  expect(await runInProcess(sandbox, ['status', '--check'])).toMatchObject({ code: 4, stdout: '' })
})

it('names a file that is not a login, says nothing of what is in it, and leaves it alone', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn)
  writeFileSync(sandbox.credentialFile, '{"refresh_token": "AQ-secret')
  const { code, stderr } = await runInProcess(sandbox, ['status'])
  expect(code).toBe(7)
  expect(stderr).toContain(sandbox.credentialFile)
  expect(stderr).not.toContain('AQ-secret')
})

describe.concurrent('--within', () => {
  it.for([
    ['20d', 4],
    ['14', 0],
  ] as const)(
    '%s exits %i for a login that ends in 15 days',
    async ([within, code], { sandbox, standIn }) => {
      const authorizedAtMs = new Date(Date.now() + 15.5 * 86_400_000).setUTCMonth(
        new Date(Date.now() + 15.5 * 86_400_000).getUTCMonth() - 6,
      )
      await sandbox.logIn(standIn, { authorizedAtMs })
      const outcome = await runInProcess(sandbox, ['status', '--check', '--within', within])
      expect(outcome.code).toBe(code)
      expect(outcome.stderr.includes('Renew it: spotify-auth login')).toBe(code === 4)
    },
  )

  it('refuses what is not a number of days', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['status', '--within', 'soon'])).toMatchObject({ code: 2 })
  })
})

describe.concurrent('profiles', () => {
  const profiles = { work: { env: { SPOTIFY_AUTH_PROFILE: 'work' } } }

  it('are a file each, by flag or environment', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    expect(await runInProcess(sandbox, ['status'], profiles.work)).toMatchObject({ code: 4 })
    expect(await runInProcess(sandbox, ['status', '--profile', 'default'], profiles.work)).toMatchObject({
      code: 0,
    })
  })

  it('--all lists them, also those that have ended or are none', async ({ sandbox, standIn }) => {
    const login = await sandbox.logIn(standIn, { authorizedAtMs: Date.parse('2026-11-20T12:00:00Z') })
    const ended = serializeCredential({ ...login, ended: 'revoked' })
    writeFileSync(credentialFileOf(sandbox, 'ended'), ended, { mode: 0o600 })
    writeFileSync(credentialFileOf(sandbox, 'torn'), '{', { mode: 0o600 })
    const { code, stdout } = await runInProcess(sandbox, ['status', '--all'])
    expect({ code, lines: stdout.trim().split('\n') }).toEqual({
      code: 0,
      lines: [
        'default  Logged in as Ada Lovelace (ada.lovelace) until 20 May 2027.',
        expect.stringMatching(/^ended {4}Spotify no longer accepts your login/),
        expect.stringMatching(/^torn {5}.*torn\.json is not a login/),
      ],
    })
    const list = JSON.parse((await runInProcess(sandbox, ['status', '--all', '--json'])).stdout)
    expect(
      list.map(({ profile, error }: { profile: string; error?: { code: string } }) => [profile, error?.code]),
    ).toEqual([
      ['default', undefined],
      ['ended', 'login_expired'],
      ['torn', 'storage'],
    ])
  })

  it('--all exits 4 when there are none', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['status', '--all'])).toMatchObject({ code: 4, stdout: '' })
  })

  it('never wait for each other', async ({ sandbox, standIn }) => {
    const login = await sandbox.logIn(standIn, { expiresAtMs: 0 })
    const { access_token, refresh_token } = await standIn.issue()
    const other = { ...login, accessToken: access_token, refreshToken: refresh_token }
    writeFileSync(credentialFileOf(sandbox, 'work'), serializeCredential(other), { mode: 0o600 })
    standIn.fault('POST /api/token', { hang: true })
    const stuck = sandbox.start(['token'])
    await waitFor(() => refreshes(standIn).length === 1)
    expect(await runInProcess(sandbox, ['token'], profiles.work)).toMatchObject({ code: 0 })
    expect(stuck.child.exitCode).toBeNull()
    stuck.child.kill('SIGKILL')
    await stuck.outcome
  })
})

const { title, skip } = needs('reminds on a terminal, once a day, that the login ends soon', 'script')
it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
  const soon = new Date(Date.now() + 10.5 * 86_400_000)
  await sandbox.logIn(standIn, { authorizedAtMs: soon.setUTCMonth(soon.getUTCMonth() - 6) })
  const again = () => runInProcess(sandbox, ['token'], { columns: 80 })
  expect((await runInProcess(sandbox, ['token'])).stderr).toBe('')
  const { stdout } = await sandbox.startInTerminal(['token']).outcome
  expect(stdout).toMatch(/Your Spotify login ends in \d+ days\. Renew it: spotify-auth login/)
  expect((await again()).stdout).not.toContain('ends in')
  const reminded = sandbox.credentialFile.replace(/json$/, 'reminded')
  utimesSync(reminded, new Date(), new Date(Date.now() - 86_500_000))
  expect((await again()).stdout).toContain('ends in')
})
