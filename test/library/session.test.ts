import { existsSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { callApi, getCurrentlyPlaying, getCurrentUser, openSession } from '../../src/index.ts'
import { raiseAgain } from '../../src/library/raise-again.ts'
import { holdSignals } from '../../src/system/signals.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { codeOf } from '../support/library-code.ts'
import { it } from '../support/library-environment.ts'
import { waitFor } from '../support/sandbox.ts'
import { startScript } from '../support/script.ts'

const revoked = { status: 400, body: { error: 'invalid_grant' } }

describe('a session on the stored login', () => {
  it('hands out the stored token, and asks nothing of the network', async ({ sandbox, standIn }) => {
    const { accessToken, scopes, expiresAtMs } = await sandbox.logIn(standIn)
    const session = await openSession()
    expect(await session.accessToken()).toBe(accessToken)
    expect(await session.authorizationHeader()).toBe(`Bearer ${accessToken}`)
    expect(session.scopes).toEqual(scopes)
    expect(session.expiresAt).toEqual(new Date(Math.floor(expiresAtMs / 1_000) * 1_000))
    expect(standIn.requests).toEqual([])
  })

  it('is of another profile where one is named', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    expect(await codeOf(openSession({ profile: 'work' }))).toBe('login_required')
    expect(await codeOf(openSession({ profile: '../work' }))).toBe('usage')
  })

  it('refreshes an expired token once for 50 calls and five processes at once, with strict rotation', async ({
    sandbox,
    standIn,
  }) => {
    standIn.rotation = 'strict'
    const login = await sandbox.logIn(standIn)
    const session = await openSession()
    sandbox.writeCredential({ ...login, ...expired() })
    standIn.fault('POST /api/token', { delayMs: 1_000 })
    const fifty = `
      import { openSession } from 'spotify-auth-cli'
      const session = await openSession()
      const tokens = await Promise.all(Array.from({ length: 50 }, () => session.accessToken()))
      console.log([...new Set(tokens)].join())`
    const processes = Array.from({ length: 5 }, () => startScript(fifty, sandbox.env).outcome)
    const tokens = await Promise.all(Array.from({ length: 50 }, () => session.accessToken()))

    const { accessToken } = sandbox.readCredential()
    expect(accessToken).not.toBe(login.accessToken)
    expect(new Set(tokens)).toEqual(new Set([accessToken]))
    const told = { code: 0, signal: null, stdout: `${accessToken}\n`, stderr: '' }
    expect(await Promise.all(processes)).toEqual(Array(5).fill(told))
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('follows what the command line does', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const session = await openSession()
    await runInProcess(sandbox, ['token', '--refresh'])
    expect(await session.accessToken()).toBe(sandbox.readCredential().accessToken)
    await runInProcess(sandbox, ['logout'])
    expect(await codeOf(session.accessToken())).toBe('login_required')
  })

  it('ends with a login that Spotify has ended, and asks only once', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', revoked)
    expect(await codeOf(openSession())).toBe('login_expired')
    expect(await codeOf(openSession())).toBe('login_expired')
    expect(refreshes(standIn)).toHaveLength(1)
  })
})

describe('refresh()', () => {
  it('refreshes a valid token once for all that ask at once', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn, { expiresAtMs: Date.now() + 1_800_000 })
    const session = await openSession()
    const { expiresAt } = session
    await Promise.all(Array.from({ length: 50 }, () => session.refresh()))
    expect(await session.accessToken()).not.toBe(accessToken)
    expect(session.expiresAt.getTime() - expiresAt.getTime()).toBeGreaterThan(1_700_000)
    expect(refreshes(standIn)).toHaveLength(1)
    await session.refresh()
    expect(refreshes(standIn)).toHaveLength(2)
  })

  it('keeps what it has where Spotify fails', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    const session = await openSession()
    standIn.fault('POST /api/token', { status: 503, body: '' })
    expect(await codeOf(session.refresh())).toBe('unavailable')
    expect(await session.accessToken()).toBe(accessToken)
  })

  it('tells the new scopes', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const session = await openSession()
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, scope: 'streaming' }) })
    await session.refresh()
    expect(session.scopes).toEqual(['streaming'])
  })
})

describe('onRefresh and onEnd', () => {
  it('are told once of each refresh, whoever made it', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const onRefresh = vi.fn()
    const session = await openSession({ onRefresh })
    await Promise.all(Array.from({ length: 10 }, () => session.accessToken()))
    expect(onRefresh).not.toHaveBeenCalled()
    await Promise.all(Array.from({ length: 10 }, () => session.refresh()))
    await session.accessToken()
    expect(onRefresh.mock.calls).toEqual([[session]])
    await sandbox.run(['token', '--refresh'])
    await session.accessToken()
    expect(onRefresh.mock.calls).toEqual([[session], [session]])
  })

  it('are told once of an end, and again after a new login', async ({ sandbox, standIn }) => {
    const login = await sandbox.logIn(standIn)
    const onEnd = vi.fn()
    const session = await openSession({ onEnd })
    for (let round = 1; round <= 2; round++) {
      sandbox.writeCredential({ ...login, ended: 'revoked' })
      for (let call = 0; call < 3; call++) expect(await codeOf(session.accessToken())).toBe('login_expired')
      expect(onEnd).toHaveBeenCalledTimes(round)
      expect(onEnd).toHaveBeenLastCalledWith(expect.objectContaining({ code: 'login_expired' }))
      sandbox.writeCredential(login)
      expect(await session.accessToken()).toBe(login.accessToken)
    }
  })

  it('hear nothing of what passes', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const onEnd = vi.fn()
    const session = await openSession({ onEnd })
    standIn.fault('POST /api/token', { status: 503, body: '' })
    expect(await codeOf(session.refresh())).toBe('unavailable')
    expect(onEnd).not.toHaveBeenCalled()
  })
})

describe('the Web API', () => {
  it('says who it is and what is playing', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const session = await openSession()
    expect(await getCurrentUser(session)).toEqual({ id: 'ada.lovelace', displayName: 'Ada Lovelace' })
    expect(await getCurrentlyPlaying(session)).toBeUndefined()
    standIn.playback = track
    expect(await getCurrentlyPlaying(session)).toMatchObject({
      state: 'playing',
      title: 'Clair de lune',
      artists: ['Marisol Vantreight', 'Claude Debussy'],
    })
  })

  it('takes any request, with what belongs to it', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const session = await openSession()
    const path = '/me/player/volume?volume_percent=12'
    expect(await callApi(session, { method: 'PUT', path })).toMatchObject({ status: 204, body: '' })
    expect(standIn.player.devices[0]?.volume_percent).toBe(12)
  })

  it.for(['/me', 'me', '/v1/me', 'https://api.example/v1/me'])(
    'takes %s for a path',
    async (path, { sandbox, standIn }) => {
      await sandbox.logIn(standIn)
      const given = path.replace('https://api.example/v1', standIn.apiUrl)
      const { body } = await callApi(await openSession(), { path: given })
      expect(JSON.parse(body)).toMatchObject({ id: 'ada.lovelace' })
    },
  )

  it.for(['https://elsewhere.example/v1/me', '//elsewhere.example/me', '/../api/token'])(
    'is not at %s, where no token goes',
    async (path, { sandbox, standIn }) => {
      await sandbox.logIn(standIn)
      expect(await codeOf(callApi(await openSession(), { path }))).toBe('usage')
      expect(standIn.requests).toEqual([])
    },
  )

  it('is for sessions only, and says so as a rejection', async ({ sandbox, standIn }) => {
    const fake = { ...(await sandbox.logIn(standIn)) } as never
    for (const call of [callApi(fake, { path: '/me' }), getCurrentUser(fake), getCurrentlyPlaying(fake)])
      await expect(call).rejects.toThrow(TypeError)
  })

  it('may refuse the tokens of ten requests at once: one refresh, and each is repeated', async ({
    sandbox,
    standIn,
  }) => {
    standIn.rotation = 'strict'
    const { access_token: accessToken } = await standIn.issue({ expiresIn: -1 })
    await sandbox.logIn(standIn, { accessToken })
    const onRefresh = vi.fn()
    const session = await openSession({ onRefresh })
    const users = await Promise.all(Array.from({ length: 10 }, () => getCurrentUser(session)))
    expect(users.map((user) => user?.id)).toEqual(Array(10).fill('ada.lovelace'))
    expect(refreshes(standIn)).toHaveLength(1)
    expect(onRefresh).toHaveBeenCalledOnce()
  })

  it('may refuse the new token too: that is the end of it', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const session = await openSession()
    standIn.fault('GET /v1/me', ...Array(9).fill({ status: 401, body: '' }))
    expect(await codeOf(getCurrentUser(session))).toBe('login_required')
    expect([refreshes(standIn).length, standIn.requestsTo('GET /v1/me').length]).toEqual([1, 2])
  })

  it('may ask to slow down: no request follows, whatever it is for', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const session = await openSession()
    standIn.fault('GET /v1/me', { status: 429, headers: { 'retry-after': '7' }, body: '' })
    expect(await codeOf(getCurrentUser(session))).toBe('rate_limited')
    expect(await codeOf(getCurrentUser(session))).toBe('rate_limited')
    expect(await codeOf(getCurrentlyPlaying(session))).toBe('rate_limited')
    expect(standIn.requests).toHaveLength(1)
    expect(await session.accessToken()).toEqual(expect.any(String))
  })

  it('is not asked for what was not granted', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { scopes: ['streaming'] })
    expect(await codeOf(getCurrentlyPlaying(await openSession()))).toBe('missing_scope')
    expect(standIn.requests).toEqual([])
  })
})

describe('SIGTERM during a refresh', () => {
  const refreshing = (more: string) => `
    import { openSession } from 'spotify-auth-cli'
    ${more}
    console.log(await (await openSession()).accessToken())`
  it.beforeEach(async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { delayMs: 400 })
  })

  it('ends the program, after the new token is saved', async ({ sandbox, standIn }) => {
    const { refreshToken } = sandbox.readCredential()
    const { child, outcome } = startScript(refreshing(''), sandbox.env)
    await waitFor(() => refreshes(standIn).length === 1)
    child.kill()
    expect(await outcome).toEqual({ code: null, signal: 'SIGTERM', stdout: '', stderr: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(refreshToken)
    await (await openSession()).refresh()
    expect(refreshes(standIn)).toHaveLength(2)
  })

  it('is left to a program that listens for it, which gets its token', async ({ sandbox, standIn }) => {
    const own = `process.on('SIGTERM', () => console.log('heard'))`
    const { child, outcome } = startScript(refreshing(own), sandbox.env)
    await waitFor(() => refreshes(standIn).length === 1)
    child.kill()
    const { code, stdout, stderr } = await outcome
    const { accessToken } = sandbox.readCredential()
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `heard\n${accessToken}\n`, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
  })
})

it('a signal that has waited for one refresh waits for all others as well', async ({ onTestFinished }) => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  // Packages that other tests have loaded in this process may listen as well: then the signal would be left to them.
  const strangers = process.rawListeners('SIGTERM') as NodeJS.SignalsListener[]
  process.removeAllListeners('SIGTERM')
  let endOther = () => {}
  onTestFinished(() => {
    endOther()
    for (const listener of strangers) process.on('SIGTERM', listener)
    kill.mockRestore()
  })
  const other = holdSignals(() => new Promise<void>((resolve) => (endOther = resolve)))
  const ended = expect(other).rejects.toMatchObject({ signal: 'SIGTERM' })
  const one = holdSignals(async () => void process.emit('SIGTERM', 'SIGTERM'))
  const raised = one.catch(raiseAgain)
  await nextTurn()
  await nextTurn()
  expect(kill).not.toHaveBeenCalled()
  endOther()
  await ended
  await raised
  expect(kill.mock.calls).toEqual([[process.pid, 'SIGTERM']])
})

it('a refresh token in the environment is a login without files', async ({ sandbox, standIn }) => {
  const { refresh_token } = await standIn.issue()
  vi.stubEnv('SPOTIFY_REFRESH_TOKEN', refresh_token)
  const session = await openSession()
  expect(await getCurrentUser(session)).toEqual({ id: 'ada.lovelace', displayName: 'Ada Lovelace' })
  expect(refreshes(standIn)).toHaveLength(1)
  expect(existsSync(sandbox.home)).toBe(false)
})

it('sessions on the refresh token in the environment share their refreshes, and ignore the profile', async ({
  standIn,
}) => {
  standIn.rotation = 'strict'
  const { refresh_token } = await standIn.issue()
  vi.stubEnv('SPOTIFY_REFRESH_TOKEN', refresh_token)
  const [one, other] = await Promise.all([openSession(), openSession({ profile: 'work' })])
  expect(refreshes(standIn)).toHaveLength(1)
  expect(await other.accessToken()).toBe(await one.accessToken())
  await one.refresh()
  expect(await other.accessToken()).toBe(await one.accessToken())
  expect(await (await openSession()).accessToken()).toBe(await one.accessToken())
  expect(refreshes(standIn)).toHaveLength(2)
})
