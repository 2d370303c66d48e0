import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
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
const refreshes = () => standIn.requestsTo('POST /api/token')

const strace = needs('K1: after kill -9 at', 'strace')
describe.skipIf(strace.skip)(strace.title, () => {
  /** Named points of a refresh in their order; what comes after the request is where strict rotation may lose a login. */
  const points = [
    ['the lock', 'fcntl', '.lock', 1, false],
    ['the opening of the temporary file', 'openat', '.json.tmp', 1, false],
    ['the reserving write', 'pwrite64', '.json.tmp', 1, false],
    ['the reserving fsync', 'fsync', '.json.tmp', 1, false],
    ['the request', 'connect', undefined, 1, false],
    ['the write', 'pwrite64', '.json.tmp', 2, true],
    ['the cut to size', 'ftruncate', '.json.tmp', 1, true],
    ['the fsync', 'fsync', '.json.tmp', 2, true],
    ['the rename', 'rename', '.json.tmp', 1, true],
    ['the fsync of the directory', 'fsync', '', 1, false],
  ] as const

  describe.each(['none', 'grace', 'strict'] as const)('with %s rotation', (rotation) => {
    it.each(points)('%s', async (_, call, suffix, when, mayBeLost) => {
      standIn.rotation = rotation
      await sandbox.logIn(standIn, expired())
      const file =
        suffix === ''
          ? path.dirname(sandbox.credentialFile)
          : sandbox.credentialFile.replace('.json', suffix ?? '')
      const only = suffix === undefined ? [] : ['-P', file]
      const under = [
        strace.file,
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        ...only,
        '-e',
        `inject=${call}:signal=SIGKILL:when=${when}`,
      ]
      expect(await sandbox.run(['token'], { under })).toMatchObject({
        code: null,
        signal: 'SIGKILL',
        stdout: '',
      })
      expect(refreshes()).toHaveLength(mayBeLost || suffix === '' ? 1 : 0)

      sandbox.readCredential()
      const next = await sandbox.run(['token'])
      if (rotation === 'strict' && mayBeLost) {
        expect(next).toMatchObject({
          code: 4,
          stderr: expect.stringContaining('an earlier renewal was cut off'),
        })
      } else {
        expect(next).toMatchObject({ code: 0, stderr: '' })
      }
      expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    })
  })
})

it('K1: after kill -9 while the request is under way', async () => {
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { delayMs: 1_000 })
  const { child, outcome } = sandbox.start(['token'])
  await waitFor(() => refreshes().length === 1)
  child.kill('SIGKILL')
  expect(await outcome).toMatchObject({ signal: 'SIGKILL' })
  expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stderr: '' })
})

describe('K2: while the holder of the lock is stopped during its request', () => {
  it.each([
    ['five waiters with an expired token exit 6', -1_000, 6],
    ['five waiters with a token that is valid for a while use it', 40_000, 0],
  ])('%s, and nobody refreshes a second time', async (_, leftMs, code) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() + leftMs })
    standIn.fault('POST /api/token', { delayMs: 300 })
    const holder = sandbox.start(['token'])
    await waitFor(() => refreshes().length === 1)
    holder.child.kill('SIGSTOP')
    const waiters = await Promise.all(Array.from({ length: 5 }, () => sandbox.run(['token'])))
    expect(waiters.map((waiter) => waiter.code)).toEqual(Array(5).fill(code))
    if (code === 6) expect(waiters[0]?.stderr).toContain('Another spotify-auth')
    expect(refreshes()).toHaveLength(1)
    holder.child.kill('SIGCONT')
    expect(await holder.outcome).toMatchObject({ code: 0 })
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    expect(refreshes()).toHaveLength(1)
  })
})

describe('K3: while a refresh is under way', () => {
  const underWay = async () => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { delayMs: 700 })
    const refresh = sandbox.start(['token'])
    await waitFor(() => refreshes().length === 1)
    return refresh
  }

  it('a logout stays a logout', async () => {
    const refresh = await underWay()
    expect(await sandbox.run(['logout'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Logged out'),
    })
    expect(await refresh.outcome).toMatchObject({ code: 0 })
    expect(sandbox.snapshot()).toEqual({})
    expect(await sandbox.run(['token'])).toMatchObject({ code: 4 })
  })

  it('a new login survives', async () => {
    const login = await sandbox.beginLogin()
    const callback = await login.answer('agree')
    const refresh = await underWay()
    await visit(callback)
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(await refresh.outcome).toMatchObject({ code: 0 })
    const [, exchange] = refreshes()
    expect(exchange?.form.get('grant_type')).toBe('authorization_code')
    expect(sandbox.readCredential().user).toEqual({ id: 'ada.lovelace', displayName: 'Ada Lovelace' })
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
  })
})

describe('K4: the rotated token is saved when, during a refresh, there comes', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s, which then ends the program with %i', async (signal, code) => {
    standIn.rotation = 'strict'
    const before = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { delayMs: 400 })
    const { child, outcome } = sandbox.start(['token'])
    await waitFor(() => refreshes().length === 1)
    child.kill(signal)
    expect(await outcome).toMatchObject({ code, stdout: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(before.refreshToken)
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
  })

  it('a closed standard output', async () => {
    standIn.rotation = 'strict'
    const before = await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { delayMs: 400 })
    const { child, outcome } = sandbox.start(['token'])
    await waitFor(() => refreshes().length === 1)
    child.stdout?.destroy()
    expect(await outcome).toMatchObject({ stderr: '' })
    expect(sandbox.readCredential().refreshToken).not.toBe(before.refreshToken)
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
  })
})

const trace = needs('the fresh path reads one file, writes none and takes no lock', 'strace')
it.skipIf(trace.skip)(trace.title, async () => {
  await sandbox.logIn(standIn)
  const { stderr } = spawnSync(
    trace.file,
    [
      '-f',
      '-qq',
      '-e',
      'trace=openat,fcntl,fsync,rename,pwrite64,unlink,mkdir,chmod,fchmod',
      process.execPath,
      ...['dist/spotify-auth.cjs', 'token'],
    ],
    { env: sandbox.env, encoding: 'utf8' },
  )
  const calls = stderr
    .split('\n')
    .filter((line) => line.includes(sandbox.home) || /(fsync|rename|pwrite64|F_OFD)/.test(line))
  expect(calls).toEqual([
    expect.stringMatching(/openat\(AT_FDCWD, ".*default\.json", O_RDONLY\|O_NONBLOCK\|O_CLOEXEC\)/),
  ])
})

it('Ctrl-C while a login asks whose it is cannot cut off a refresh: there is none', async () => {
  standIn.rotation = 'strict'
  standIn.fault('POST /api/token', { transform: (json) => ({ ...json, expires_in: 30 }) })
  standIn.fault('GET /v1/me', { delayMs: 500 })
  const login = await sandbox.beginLogin()
  await visit(await login.answer('agree'))
  await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
  login.child.kill('SIGINT')
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(refreshes()).toHaveLength(1)
  expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
})
