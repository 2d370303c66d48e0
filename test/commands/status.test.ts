import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  sandbox = createSandbox(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

it('says who is logged in, until when and where, without a request', async () => {
  await sandbox.logIn(standIn, {
    scope: ['user-read-email'],
    expiresAtMs: Date.now() + 1_830_000,
    authorizedAtMs: Date.parse('2026-11-20T12:00:00Z'),
  })
  const { code, stdout, stderr } = await sandbox.run(['status'], { env: { TZ: 'UTC' } })
  expect({ code, stderr, lines: stdout.split('\n') }).toEqual({
    code: 0,
    stderr: '',
    lines: [
      '✓ Logged in as Ada Lovelace (ada)',
      '  Profile       default',
      '  Scopes        user-read-email',
      '  Access token  valid for 30 min, then renewed by itself',
      expect.stringMatching(/^ {2}Login {9}ends 20 May 2027, in \d+ days$/),
      `  File          ${sandbox.credentialFile}`,
      '',
    ],
  })
  expect(standIn.requests).toEqual([])
})

it('prints JSON', async () => {
  await sandbox.logIn(standIn, {
    authorizedAtMs: Date.parse('2026-11-20T12:00:00Z'),
    expiresAtMs: 2_000_000_000_000,
    scope: ['a'],
  })
  expect(JSON.parse((await sandbox.run(['status', '--json'])).stdout)).toEqual({
    profile: 'default',
    user: { id: 'ada', display_name: 'Ada Lovelace' },
    client_id: sandbox.env.SPOTIFY_CLIENT_ID,
    scope: 'a',
    expires_at: 2_000_000_000,
    authorized_at: Date.parse('2026-11-20T12:00:00Z') / 1000,
    authorization_ends_at: Date.parse('2027-05-20T12:00:00Z') / 1000,
    file: sandbox.credentialFile,
  })
})

it('exits 4 when not logged in, also with --check', async () => {
  expect(await sandbox.run(['status'])).toMatchObject({ code: 4, stdout: '' })
  expect(await sandbox.run(['status', '--check'])).toMatchObject({ code: 4, stdout: '' })
})

it('asks Spotify with --check', async () => {
  await sandbox.logIn(standIn)
  expect(await sandbox.run(['status', '--check'])).toMatchObject({ code: 0 })
  expect(standIn.requestsTo('GET /v1/me')).toHaveLength(1)
  standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
  await sandbox.logIn(standIn, { expiresAtMs: 0 })
  expect(await sandbox.run(['status', '--check'])).toMatchObject({ code: 4, stdout: '' })
})

it('names a file that is not a login, says nothing of what is in it, and leaves it alone', async () => {
  await sandbox.logIn(standIn)
  writeFileSync(sandbox.credentialFile, '{"refresh_token": "AQ-secret')
  const { code, stderr } = await sandbox.run(['status'])
  expect(code).toBe(7)
  expect(stderr).toContain(sandbox.credentialFile)
  expect(stderr).not.toContain('AQ-secret')
})
