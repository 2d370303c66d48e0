import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
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
const strace = needs('', 'strace')
const killedAtRename = () => [
  ...[strace.file, '-f', '-qq', '-o', '/dev/null', '-P', `${sandbox.credentialFile}.tmp`],
  ...['-e', 'inject=rename:signal=SIGKILL'],
]
const root = process.getuid?.() === 0
const asNobody = root ? ['setpriv', '--reuid', '65534', '--clear-groups', '--inh-caps=-all'] : undefined

it.each([
  ['an expired token: exit 7', -1_000, 7],
  ['a token that is valid for 200 s: works', 200_000, 0],
])('a read-only directory with the rests of a killed refresh and %s', async (_, leftMs, code) => {
  await sandbox.logIn(standIn, { expiresAtMs: Date.now() + leftMs })
  writeFileSync(`${sandbox.credentialFile}.tmp`, '')
  const lock = sandbox.credentialFile.replace(/json$/, 'lock')
  writeFileSync(lock, '')
  spawnSync('touch', ['-d', '2020-01-01', lock])
  if (root) spawnSync('chown', ['-R', '65534', sandbox.env.HOME ?? ''])
  const directory = path.dirname(sandbox.credentialFile)
  chmodSync(directory, 0o500)
  const outcome = await sandbox.run(['token'], { under: asNobody })
  chmodSync(directory, 0o700)
  expect(outcome).toMatchObject({ code })
})

it('now-playing with a revoked token, while another holds the lock, is exit 6 and not "log in"', async () => {
  await sandbox.logIn(standIn, { accessToken: 'revoked' })
  standIn.fault('POST /api/token', { hang: true })
  const holder = sandbox.start(['token', '--refresh'])
  await waitFor(() => refreshes().length === 1)
  holder.child.kill('SIGSTOP')
  const [playing, token] = await Promise.all([
    sandbox.run(['now-playing']),
    sandbox.run(['token', '--refresh']),
  ])
  holder.child.kill('SIGKILL')
  await holder.outcome
  expect(playing).toMatchObject({ code: 6, stderr: expect.stringContaining('Another spotify-auth') })
  expect(token).toMatchObject({ code: 6, stdout: '' })
})

it('logout --all removes what a killed first login has left', async () => {
  const login = await sandbox.beginLogin([], { under: killedAtRename() })
  await visit(await login.answer('agree')).catch(() => {})
  await login.outcome
  expect(Object.keys(sandbox.snapshot())).toEqual(['default.json.tmp'])
  await sandbox.run(['logout', '--all'])
  expect(sandbox.snapshot()).toEqual({})
})

it('a logout names and leaves alone what is not a login', async () => {
  await sandbox.logIn(standIn)
  writeFileSync(sandbox.credentialFile, '{"version":2}')
  expect(await sandbox.run(['logout'])).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('is not a login of this program'),
  })
  expect(existsSync(sandbox.credentialFile)).toBe(true)
})

it('ahead of the end, a refused client costs nobody the valid token', async () => {
  const { accessToken } = await sandbox.logIn(standIn, { expiresAtMs: Date.now() + 200_000 })
  standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_client' } })
  expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
})

it('an interruption is remembered through a refresh for which there is no room', async () => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn, expired())
  await sandbox.run(['token'], { under: killedAtRename() })
  const under = ['sh', '-c', 'ulimit -f 0; exec "$0" "$@"']
  expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 7 })
  expect((await sandbox.run(['token'])).stderr).toContain('an earlier renewal was cut off')
})

it('an answer that got lost on its way is told as such, not as "perhaps you removed the app"', async () => {
  standIn.rotation = 'strict'
  await sandbox.logIn(standIn, expired())
  standIn.fault('POST /api/token', { trickleMs: 300 })
  expect(await sandbox.run(['token'])).toMatchObject({ code: 6 })
  expect((await sandbox.run(['token'])).stderr).toContain('an earlier renewal was cut off')
})

it('a file size limit is an error, and no death after the lock', async () => {
  await sandbox.logIn(standIn, expired())
  const under = ['sh', '-c', 'ulimit -f 0; exec "$0" "$@" 2> error']
  expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 7, signal: null })
})
