import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serializeCredential } from '../../src/session/credential.ts'
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
const soon = () => ({ expiresAtMs: Date.now() + 200_000 })
const refreshes = () => standIn.requestsTo('POST /api/token')
const lockFile = () => sandbox.credentialFile.replace(/json$/, 'lock')
const day = 86_400_000

describe('R5: what only looks like the end of the login is exit 6, and the store stays the same:', () => {
  const ended = { error: 'invalid_grant' }
  it.each([
    ['503 with invalid_grant in its body', { status: 503, body: ended }],
    ['429 with invalid_grant in its body', { status: 429, body: ended }],
    ['an answer of more than 64 KiB', { transform: (json: object) => ({ ...json, x: 'x'.repeat(70_000) }) }],
    ['a token with a line break', { transform: (json: object) => ({ ...json, access_token: 'a\nb' }) }],
  ])('%s', async (_, fault) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    standIn.fault('POST /api/token', fault)
    expect(await sandbox.run(['token'])).toMatchObject({ code: 6, stdout: '' })
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes()).toHaveLength(1)
  })
})

it('R8: half a day before its six months are over, a login is told as expired', async () => {
  const authorizedAtMs = new Date(Date.now() + day / 2)
  authorizedAtMs.setUTCMonth(authorizedAtMs.getUTCMonth() - 6)
  await sandbox.logIn(standIn, { ...expired(), authorizedAtMs: authorizedAtMs.getTime() })
  standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
  expect(await sandbox.run(['token'])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('has expired'),
  })
})

describe('ahead of the end', () => {
  it('nobody waits for a lock that has been held for long', async () => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { delayMs: 2_500 })
    const first = sandbox.start(['token'])
    await waitFor(() => refreshes().length === 1)
    // As old as that of a holder that was stopped, so that its age alone turns nobody away.
    utimesSync(lockFile(), new Date(0), new Date(0))
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n`, stderr: '' })
    expect(first.child.exitCode).toBeNull()
    await first.outcome
    expect(refreshes()).toHaveLength(1)
  })

  it('a disk that takes nothing costs nobody the valid token', async () => {
    const { accessToken } = await sandbox.logIn(standIn, soon())
    const under = ['sh', '-c', 'ulimit -f 0; exec "$0" "$@"']
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
    expect(refreshes()).toHaveLength(0)
  })

  it('invalid_grant is told at once, as it is to every later command', async () => {
    await sandbox.logIn(standIn, soon())
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
    for (let run = 0; run < 2; run++)
      expect(await sandbox.run(['token'])).toMatchObject({ code: 4, stdout: '' })
    expect(refreshes()).toHaveLength(1)
  })

  it('a failure is not repeated at once where the lock file is an old one', async () => {
    await sandbox.logIn(standIn, soon())
    writeFileSync(lockFile(), '')
    utimesSync(lockFile(), new Date(0), new Date(0))
    standIn.fault('POST /api/token', { status: 503, body: '' }, { status: 503, body: '' })
    for (let run = 0; run < 2; run++) expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    expect(refreshes()).toHaveLength(1)
  })
})

it('R6: whoever waits for a slow renewal has the patience to see its end', async () => {
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { delayMs: 9_000 })
  const first = sandbox.start(['token'])
  await waitFor(() => refreshes().length === 1)
  const second = await sandbox.run(['token'])
  expect(second).toMatchObject({ code: 0, stdout: (await first.outcome).stdout })
  expect(refreshes()).toHaveLength(1)
})

it('K2: a waiter does not use a valid token of a login that has ended meanwhile', async () => {
  const login = await sandbox.logIn(standIn, { expiresAtMs: Date.now() + 40_000 })
  standIn.fault('POST /api/token', { hang: true })
  const holder = sandbox.start(['token'])
  await waitFor(() => refreshes().length === 1)
  holder.child.kill('SIGSTOP')
  const waiter = sandbox.start(['token'])
  await sleep(500)
  sandbox.writeCredential({ ...login, ended: 'revoked' })
  expect(await waiter.outcome).toMatchObject({ code: 4, stdout: '' })
  holder.child.kill('SIGKILL')
  await holder.outcome
})

it('K3: a login that begins during a refresh leaves that alone', async () => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { delayMs: 700 })
  const refresh = sandbox.start(['token'])
  await waitFor(() => refreshes().length === 1)
  const login = await sandbox.beginLogin()
  login.child.kill()
  expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
  await login.outcome
  expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
})

it.each(['logout', 'login'])('K3: a refresh under way is not disturbed by a %s', async (command) => {
  standIn.rotation = 'strict'
  const login = command === 'login' ? await sandbox.beginLogin() : undefined
  const callback = await login?.answer('agree')
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { delayMs: 700 })
  const refresh = sandbox.start(['token'])
  await waitFor(() => refreshes().length === 1)
  const other = callback ? visit(callback) : sandbox.run(['logout'])
  expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
  await other
  await login?.outcome
  expect(await sandbox.run(['token'])).toMatchObject({ code: login ? 0 : 4 })
})

it('K3: a refresh under way is not disturbed by a login that notes its user name', async () => {
  standIn.rotation = 'strict'
  const login = await sandbox.beginLogin()
  standIn.fault('GET /v1/me', { delayMs: 500 })
  await visit(await login.answer('agree'))
  await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
  standIn.fault('POST /api/token', { delayMs: 1_200 })
  const refresh = await sandbox.run(['token', '--refresh'])
  expect(refresh).toMatchObject({ code: 0, stderr: '' })
  expect(await login.outcome).toMatchObject({ code: 0 })
  const { accessToken, user } = sandbox.readCredential()
  expect([`${accessToken}\n`, user?.id]).toEqual([refresh.stdout, 'ada.lovelace'])
})

it('K3: a login that asks for its user name does not overwrite the login that was stored meanwhile', async () => {
  const login = await sandbox.beginLogin()
  standIn.fault('GET /v1/me', { delayMs: 700 })
  await visit(await login.answer('agree'))
  await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
  const other = await sandbox.logIn(standIn, { authorizedAtMs: Date.now() - day })
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(sandbox.readCredential()).toMatchObject({ accessToken: other.accessToken, user: other.user })
})

it('K4: a signal during a refresh that fails ends the program as that signal', async () => {
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { delayMs: 400, status: 503, body: '' })
  const { child, outcome } = sandbox.start(['token'])
  await waitFor(() => refreshes().length === 1)
  child.kill('SIGINT')
  expect(await outcome).toMatchObject({ code: 130, stdout: '', stderr: '' })
})

it('K4: after the refresh a signal ends the program at once again', async () => {
  const player = 'GET /v1/me/player/currently-playing'
  await sandbox.logIn(standIn, expired())
  standIn.fault(player, { hang: true })
  const { child, outcome } = sandbox.start(['now-playing'])
  await waitFor(() => standIn.requestsTo(player).length === 1)
  const startedAt = Date.now()
  child.kill('SIGINT')
  expect(await outcome).toMatchObject({ signal: 'SIGINT', stdout: '' })
  expect(Date.now() - startedAt).toBeLessThan(1_000)
})

it('S4: nothing of a file that is not JSON is quoted', async () => {
  await sandbox.logIn(standIn)
  // Not the start of a JSON value: for such a text the engine's own message quotes it.
  writeFileSync(sandbox.credentialFile, 'AQ-secret')
  const { code, stderr } = await sandbox.run(['token'])
  expect(code).toBe(7)
  expect(stderr).not.toContain('AQ-')
})

const terminal = needs('a reminder that cannot be noted costs nobody the token', 'script')
it.skipIf(terminal.skip)(terminal.title, async () => {
  const soonOver = new Date(Date.now() + 10.5 * day)
  const { accessToken } = await sandbox.logIn(standIn, {
    authorizedAtMs: soonOver.setUTCMonth(soonOver.getUTCMonth() - 6),
  })
  const reminded = sandbox.credentialFile.replace(/json$/, 'reminded')
  mkdirSync(reminded)
  utimesSync(reminded, new Date(0), new Date(0))
  const { stdout } = await sandbox.startInTerminal(['token']).outcome
  expect(stdout).toContain('ends in')
  expect(stdout).toContain(accessToken)
})

it('A2: a token that another process stored, and that has expired as well, is renewed', async () => {
  const player = 'GET /v1/me/player/currently-playing'
  const login = await sandbox.logIn(standIn)
  standIn.fault(player, { delayMs: 500, status: 401, body: { error: { status: 401 } } })
  const running = sandbox.start(['now-playing'])
  await waitFor(() => standIn.requestsTo(player).length === 1)
  sandbox.writeCredential({ ...login, ...expired(), accessToken: 'older' })
  expect(await running.outcome).toMatchObject({ code: 0 })
  expect(refreshes()).toHaveLength(1)
})

it('SPOTIFY_REFRESH_TOKEN is what `token --refresh` renews, too', async () => {
  await sandbox.logIn(standIn)
  const before = sandbox.snapshot()
  const { refresh_token } = await standIn.issue()
  const env = { SPOTIFY_REFRESH_TOKEN: refresh_token }
  expect(await sandbox.run(['token', '--refresh'], { env })).toMatchObject({ code: 0 })
  expect(refreshes()[0]?.form.get('refresh_token')).toBe(refresh_token)
  expect(sandbox.snapshot()).toEqual(before)
})

it('SPOTIFY_REFRESH_TOKEN: an answer that repeats the refresh token has not replaced it', async () => {
  const { refresh_token } = await standIn.issue()
  standIn.fault('POST /api/token', { transform: (json) => ({ ...json, refresh_token }) })
  expect(await sandbox.run(['token'], { env: { SPOTIFY_REFRESH_TOKEN: refresh_token } })).toMatchObject({
    code: 0,
    stderr: '',
  })
})

it('S4: a whole login of a newer version is refused', async () => {
  const text = serializeCredential(await sandbox.logIn(standIn)).replace('"version": 1', '"version": 2')
  writeFileSync(sandbox.credentialFile, text)
  expect(await sandbox.run(['token'])).toMatchObject({
    code: 7,
    stdout: '',
    stderr: expect.stringContaining('another version'),
  })
})

const quiet = needs('nothing is said of a login that ends in 16 days', 'script')
it.skipIf(quiet.skip)(quiet.title, async () => {
  const over = new Date(Date.now() + 16 * day)
  const authorizedAtMs = over.setUTCMonth(over.getUTCMonth() - 6)
  const { accessToken } = await sandbox.logIn(standIn, { authorizedAtMs })
  expect((await sandbox.startInTerminal(['token']).outcome).stdout.trim()).toBe(accessToken)
})

it('the lock file is for its owner alone', async () => {
  await sandbox.logIn(standIn, expired())
  await sandbox.run(['token'], { under: ['sh', '-c', 'umask 0; exec "$0" "$@"'] })
  expect((statSync(lockFile()).mode & 0o777).toString(8)).toBe('600')
})

it.each([0o640, 0o604])('a mode of %o is tightened with a warning', async (mode) => {
  await sandbox.logIn(standIn)
  chmodSync(sandbox.credentialFile, mode)
  expect(await sandbox.run(['token'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('its mode is 0600 now'),
  })
})

it('S4: 10 MB are refused by their size, unread', async () => {
  await sandbox.logIn(standIn)
  writeFileSync(sandbox.credentialFile, ' '.repeat(10_000_000))
  expect(await sandbox.run(['token'])).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('larger than'),
  })
})

it('S2: a file that may take a part of the reservation only is exit 7 before anything is spent', async () => {
  await sandbox.logIn(standIn, expired())
  const before = sandbox.snapshot()
  // The write of 4096 bytes takes 512 (or 1024) without an error.
  const under = ['sh', '-c', 'ulimit -f 1; exec "$0" "$@"']
  expect(await sandbox.run(['token'], { under })).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('EFBIG'),
  })
  expect(sandbox.snapshot()).toEqual(before)
  expect(refreshes()).toHaveLength(0)
})

const strace = needs('with strace', 'strace')
describe.skipIf(strace.skip)(strace.title, () => {
  const inject = (file: string, fault: string) => [
    ...[strace.file, '-f', '-qq', '-o', '/dev/null', '-P', file],
    ...['-e', `inject=${fault}`],
  ]

  it('K3: the lock is held until the save is done', async () => {
    await sandbox.logIn(standIn, expired())
    const under = inject(`${sandbox.credentialFile}.tmp`, 'pwrite64:delay_enter=1500000:when=2')
    const refresh = sandbox.start(['token'], { under })
    await waitFor(() => refreshes().length === 1)
    await sleep(500)
    expect(await sandbox.run(['logout'])).toMatchObject({ code: 0 })
    expect(await refresh.outcome).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.snapshot()).toEqual({})
  })

  it('K1: an interruption is remembered through a refresh that fails', async () => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    const under = inject(`${sandbox.credentialFile}.tmp`, 'rename:signal=SIGKILL')
    expect(await sandbox.run(['token'], { under })).toMatchObject({ signal: 'SIGKILL' })
    standIn.fault('POST /api/token', { status: 503, body: '' })
    expect(await sandbox.run(['token'])).toMatchObject({ code: 6 })
    expect(await sandbox.run(['token'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('an earlier renewal was cut off'),
    })
  })

  it('a logout removes also what a killed refresh has left', async () => {
    await sandbox.logIn(standIn, expired())
    const under = inject(`${sandbox.credentialFile}.tmp`, 'rename:signal=SIGKILL')
    expect(await sandbox.run(['token'], { under })).toMatchObject({ signal: 'SIGKILL' })
    expect(await sandbox.run(['logout'])).toMatchObject({ code: 0 })
    expect(sandbox.snapshot()).toEqual({})
  })

  it('a logout is done only when the removal is durable', async () => {
    await sandbox.logIn(standIn)
    const under = inject(path.dirname(sandbox.credentialFile), 'fsync:error=EIO')
    expect(await sandbox.run(['logout'], { under })).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('EIO'),
    })
  })

  it('the temporary file is made, never opened', async () => {
    await sandbox.logIn(standIn, expired())
    const log = path.join(sandbox.env.HOME ?? '', 'trace')
    const under = [
      strace.file,
      '-f',
      '-qq',
      '-o',
      log,
      '-P',
      `${sandbox.credentialFile}.tmp`,
      '-e',
      'trace=openat',
    ]
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0 })
    expect(readFileSync(log, 'utf8')).toMatch(/^.*O_CREAT\|O_EXCL.*, 0600\) .*\n$/)
  })

  const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0
  it.skipIf(!canMount && !process.env.CI)(
    'S2: a disk that fills up during the request leaves what was reserved',
    async () => {
      await sandbox.logIn(standIn, expired())
      mkdirSync(path.join(sandbox.env.HOME ?? '', 'small'))
      const filling = `mount -t tmpfs -o size=16k small "$HOME/small" && cp -a "$SPOTIFY_AUTH_HOME/credentials" "$HOME/small/"
      SPOTIFY_AUTH_HOME="$HOME/small" ${strace.file} -f -qq -o /dev/null -P "$HOME/small/credentials/default.json.tmp" -e inject=pwrite64:delay_enter=1000000:when=2 "$0" "$@" & program=$!
      while ! [ -e "$HOME/sent" ]; do sleep 0.05; done
      while [ -d /proc/$program ]; do dd if=/dev/zero bs=1k count=16 >> "$HOME/small/filler" 2>/dev/null; sleep 0.05; done
      wait $program`
      const { outcome } = sandbox.start(['token'], { under: ['unshare', '-rm', 'sh', '-c', filling] })
      await waitFor(() => refreshes().length === 1)
      writeFileSync(path.join(sandbox.env.HOME ?? '', 'sent'), '')
      expect(await outcome).toMatchObject({ code: 0, stderr: '' })
    },
  )
})
