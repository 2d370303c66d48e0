import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { visit } from '../support/visit.ts'

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

const expired = () => ({ expiresAtMs: Date.now() - 1_000 })
const refreshes = () => standIn.requestsTo('POST /api/token').map(({ form }) => form.get('refresh_token'))
const day = 86_400_000

it('R1: fifty commands at once with an expired token, strict rotation: fifty successes, one refresh', async () => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn, expired())
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => sandbox.run(['token'])))
  const { accessToken } = sandbox.readCredential()
  expect(outcomes.filter(({ stdout }) => stdout === `${accessToken}\n`)).toHaveLength(50)
  expect(refreshes()).toHaveLength(1)
  expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
})

it.each([
  ['without', ({ refresh_token: _, ...json }: Record<string, unknown>) => json],
  ['with null for', (json: object) => ({ ...json, refresh_token: null })],
  ['with an empty', (json: object) => ({ ...json, refresh_token: '' })],
])(
  'R2: an answer %s refresh_token keeps the one there is, and the next refresh presents it',
  async (_, transform) => {
    const { refreshToken } = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { transform })
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
    expect(refreshes()).toEqual([refreshToken, refreshToken])
  },
)

it('a new refresh token is saved even when the rest of the answer is unusable', async () => {
  standIn.rotation = 'strict'
  const { refreshToken } = await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { transform: (json) => ({ ...json, access_token: 5 }) })
  expect(await sandbox.run(['token'])).toMatchObject({ code: 6 })
  expect(sandbox.readCredential().refreshToken).not.toBe(refreshToken)
  expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
})

it('R3: after invalid_grant the next five commands exit 4 without a request, and a login helps', async () => {
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
  expect(await sandbox.run(['token'])).toMatchObject({ code: 4 })
  const before = standIn.requests.length
  for (const args of [
    ['token'],
    ['now-playing'],
    ['status'],
    ['token', '--refresh'],
    ['status', '--check'],
  ]) {
    const { code, stderr } = await sandbox.run([...args, '--json'])
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 4, error: 'login_expired' })
  }
  expect(standIn.requests).toHaveLength(before)
  const { answer, outcome } = await sandbox.beginLogin()
  await visit(await answer('agree'))
  expect(await outcome).toMatchObject({ code: 0 })
  expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
})

it('R4: invalid_grant while another process stored a new login: that one is adopted', async () => {
  const old = await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { delayMs: 500, status: 400, body: { error: 'invalid_grant' } })
  const running = sandbox.start(['token'])
  await waitFor(() => standIn.requestsTo('POST /api/token').length === 1)
  const { access_token, refresh_token } = await standIn.issue()
  sandbox.writeCredential({
    ...old,
    accessToken: access_token,
    refreshToken: refresh_token,
    expiresAtMs: Date.now() + 3_000_000,
  })
  expect(await running.outcome).toMatchObject({ code: 0, stdout: `${access_token}\n` })
  expect(refreshes()).toHaveLength(1)
})

it.each([
  ['500', { status: 500, body: 'oops' }],
  ['503', { status: 503, body: '' }],
  ['HTML', { status: 200, body: '<html>portal</html>' }],
  ['429 with Retry-After 5', { status: 429, headers: { 'retry-after': '5' }, body: '' }],
  ['429 without Retry-After', { status: 429, body: '' }],
  ['429 with Retry-After 86400', { status: 429, headers: { 'retry-after': '86400' }, body: '' }],
  ['a reset', { reset: true }],
])('R5: %s is exit 6 after one request, and the store stays the same', async (_, fault) => {
  await sandbox.logIn(standIn, expired())
  const before = sandbox.snapshot()
  standIn.fault('POST /api/token', fault)
  const startedAt = Date.now()
  expect(await sandbox.run(['token'])).toMatchObject({ code: 6, stdout: '' })
  expect(Date.now() - startedAt).toBeLessThan(3_000)
  expect(sandbox.snapshot()).toEqual(before)
  expect(refreshes()).toHaveLength(1)
  // A limit is remembered for the next command; anything else is tried again.
  const limited = 'status' in fault && fault.status === 429
  expect(await sandbox.run(['token'])).toMatchObject({ code: limited ? 6 : 0 })
  expect(refreshes()).toHaveLength(limited ? 1 : 2)
})

it.each([
  ['trickles a byte per 300 ms', { trickleMs: 300 }],
  ['never comes', { hang: true }],
])('R6: an answer that %s is exit 6 at the deadline', async (_, fault) => {
  await sandbox.logIn(standIn, expired())
  const before = sandbox.snapshot()
  standIn.fault('POST /api/token', fault)
  const startedAt = Date.now()
  expect(await sandbox.run(['token'])).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('no whole answer within 10 s'),
  })
  expect(Date.now() - startedAt).toBeLessThan(11_500)
  expect(sandbox.snapshot()).toEqual(before)
})

it.each(['3600', 0, -1, undefined, 1e12, 'soon'])(
  'R7: expires_in %j works and does not refresh in a loop',
  async (expires_in) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, expires_in }) })
    for (let run = 0; run < 3; run++) expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    expect(refreshes()).toHaveLength(1)
  },
)

it.each([
  [
    '200 days ago is told as expired after six months',
    200,
    'has expired: Spotify ends every login six months after',
  ],
  ['3 days ago is told as revoked', 3, 'perhaps you removed the app'],
])('R8: invalid_grant for an authorization %s', async (_, days, message) => {
  await sandbox.logIn(standIn, { ...expired(), authorizedAtMs: Date.now() - days * day })
  standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
  for (let run = 0; run < 2; run++) {
    const { code, stderr } = await sandbox.run(['token'])
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining(message) })
    expect(stderr).toContain('Run: spotify-auth login\n')
  }
})

describe('A2: an access token that Spotify does not take', () => {
  const player = 'GET /v1/me/player/currently-playing'
  const refusal = { status: 401, body: { error: { status: 401, message: 'The access token expired' } } }

  it('once is one refresh and one repeat', async () => {
    await sandbox.logIn(standIn)
    standIn.fault(player, refusal)
    expect(await sandbox.run(['now-playing'])).toMatchObject({ code: 0 })
    expect([refreshes().length, standIn.requestsTo(player).length]).toEqual([1, 2])
  })

  it('for ever is exit 4 after two requests', async () => {
    await sandbox.logIn(standIn)
    standIn.fault(player, refusal, refusal, refusal)
    expect(await sandbox.run(['now-playing'])).toMatchObject({ code: 4 })
    expect([refreshes().length, standIn.requestsTo(player).length]).toEqual([1, 2])
  })

  it('in ten processes at once is one refresh', async () => {
    await sandbox.logIn(standIn, { accessToken: 'revoked' })
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => sandbox.run(['now-playing'])))
    expect(outcomes.map(({ code }) => code)).toEqual(Array(10).fill(0))
    expect(refreshes()).toHaveLength(1)
  })
})

describe('ahead of the end', () => {
  const soon = () => ({ expiresAtMs: Date.now() + 200_000 })

  it('one command renews, and the others go on with the valid token without waiting', async () => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 1_500 })
    const first = sandbox.start(['token'])
    await waitFor(() => refreshes().length === 1)
    const startedAt = Date.now()
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    expect(Date.now() - startedAt).toBeLessThan(1_000)
    expect((await first.outcome).stdout).toBe(`${sandbox.readCredential().accessToken}\n`)
    expect(refreshes()).toHaveLength(1)
  })

  it('a failure costs nobody the valid token, and is not repeated at once', async () => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { status: 503, body: '' }, { status: 503, body: '' })
    for (let run = 0; run < 3; run++) {
      expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n`, stderr: '' })
    }
    expect(refreshes()).toHaveLength(1)
  })
})

describe('clocks', () => {
  it.each([
    ['two days in the future', 2 * day],
    ['an hour and a half in the future', 5_400_000],
    ['a year ago', -365 * day],
  ])('an access token that ends %s is renewed once, and then believed', async (_, offset) => {
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() + offset })
    for (let run = 0; run < 3; run++) expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    expect(refreshes()).toHaveLength(1)
    expect(sandbox.readCredential().expiresAtMs - Date.now()).toBeLessThanOrEqual(3_600_000)
  })
})

describe('SPOTIFY_REFRESH_TOKEN', () => {
  it('is refreshed for the command alone, and nothing is written', async () => {
    const { refresh_token } = await standIn.issue()
    const env = { SPOTIFY_REFRESH_TOKEN: refresh_token }
    const { code, stdout, stderr } = await sandbox.run(['token'], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await sandbox.run(['now-playing'], { env })).toMatchObject({ code: 0 })
    expect(
      (await fetch(`${standIn.apiUrl}/me`, { headers: { authorization: `Bearer ${stdout.trim()}` } })).status,
    ).toBe(200)
    expect(() => sandbox.readCredential()).toThrow('ENOENT')
  })

  it('says that it is used up when Spotify replaces it', async () => {
    standIn.rotation = 'strict'
    const { refresh_token } = await standIn.issue()
    const { code, stderr } = await sandbox.run(['token'], { env: { SPOTIFY_REFRESH_TOKEN: refresh_token } })
    expect(code).toBe(0)
    expect(stderr).toContain('is used up')
    expect(stderr).not.toContain(refresh_token)
  })

  it('needs a client id', async () => {
    const env = { SPOTIFY_REFRESH_TOKEN: 'x', SPOTIFY_CLIENT_ID: '' }
    expect(await sandbox.run(['token'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('SPOTIFY_CLIENT_ID'),
    })
  })
})
