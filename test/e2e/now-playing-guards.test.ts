import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Chalk } from 'chalk'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { renderCard } from '../../src/now-playing/render.ts'
import { viewAt } from '../../src/now-playing/view.ts'
import { readPlayback } from '../../src/web-api/playback.ts'
import { track } from '../support/fixtures.ts'
import { createSandbox, type Running, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { visit } from '../support/visit.ts'

let standIn: StandIn
let sandbox: Sandbox
let running: Running | undefined
beforeEach(async () => {
  standIn = await startStandIn()
  standIn.playback = track
  sandbox = createSandbox(standIn)
  await sandbox.logIn(standIn)
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.outcome
  running = undefined
  sandbox.remove()
  await standIn.close()
})

const player = 'GET /v1/me/player/currently-playing'
const asked = () => standIn.requestsTo(player).length
const cacheFile = (profile = 'default') => path.join(sandbox.home, 'cache', `${profile}.json`)

function age(byMs: number) {
  const text = readFileSync(cacheFile(), 'utf8')
  const older = text.replace(/"(fetched_at_ms|fetchedAtMs)":(\d+)/g, (_, key, at) => `"${key}":${at - byMs}`)
  writeFileSync(cacheFile(), older)
}

it('the card is clean in every line', () => {
  const name = 'a\u001b]52;c;aGk=\u0007\nb\u202e'
  const item = { ...track.item, name, artists: [{ name }], album: { name } }
  const card = renderCard(viewAt(readPlayback({ ...track, item }, 0), 0), new Chalk({ level: 0 }), 80)
  expect(card.split('\n').slice(0, 3)).toEqual(['▶ a]52;c;aGk= b', '  a]52;c;aGk= b', '  a]52;c;aGk= b'])
})

it('a cache from the future is of no use', async () => {
  await sandbox.run(['now-playing', '--max-age', '5'])
  age(-3_600_000)
  await sandbox.run(['now-playing', '--max-age', '5'])
  expect(asked()).toBe(2)
})

it('an answer that is much too old does not stand in while another one is fetched', async () => {
  await sandbox.run(['now-playing', '--max-age', '5'])
  age(60_000)
  standIn.playback = { ...track, item: { ...track.item, name: 'Passepied' } }
  standIn.fault(player, { delayMs: 500 })
  const first = sandbox.start(['now-playing', '--max-age', '5'])
  await waitFor(() => asked() === 2)
  const { stdout } = await sandbox.run(['now-playing', '--max-age', '5'])
  expect(stdout).toContain('Passepied')
  await first.outcome
})

it('each profile has a cache of its own, and logout --all forgets every one', async () => {
  await sandbox.run(['now-playing', '--max-age', '5'])
  writeFileSync(
    path.join(sandbox.home, 'credentials', 'work.json'),
    readFileSync(sandbox.credentialFile, 'utf8'),
    { mode: 0o600 },
  )
  await sandbox.run(['now-playing', '--max-age', '5', '--profile', 'work'])
  expect(asked()).toBe(2)
  await sandbox.run(['logout', '--all'])
  for (const profile of ['default', 'work']) {
    const bar = ['now-playing', '--max-age', '500', '--profile', profile]
    expect(await sandbox.run(bar)).toMatchObject({ code: 4, stdout: '' })
  }
})

it('is forgotten at login', async () => {
  await sandbox.run(['now-playing', '--max-age', '5'])
  const login = await sandbox.beginLogin()
  await visit(await login.answer('agree'))
  await login.outcome
  await sandbox.run(['now-playing', '--max-age', '500'])
  expect(asked()).toBe(2)
})

it('a limit of the API does not keep a token from being renewed', async () => {
  standIn.fault(player, { status: 429, headers: { 'retry-after': '600' }, body: '' })
  await sandbox.run(['now-playing'])
  expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
})

it('--max-length cuts before it escapes', async () => {
  standIn.playback = { ...track, item: { ...track.item, name: '<<<<' } }
  const args = ['now-playing', '--format', '{title}', '--escape', 'pango', '--max-length', '3']
  expect((await sandbox.run(args)).stdout).toBe('&lt;&lt;…\n')
})

it('--watch --max-age lives on what the others fetch', async () => {
  await sandbox.run(['now-playing', '--max-age', '60'])
  running = sandbox.start(['now-playing', '--watch', '--max-age', '60', '--format', '{title}'])
  await waitFor(() => running?.stdout() !== '')
  expect(asked()).toBe(1)
})

it('a terminal is told that nothing plays, and the card is redrawn over as many lines as it had', async () => {
  standIn.playback = undefined
  const once = await sandbox.startInTerminal(['now-playing']).outcome
  expect(once.stdout).toContain('Nothing is playing.')
  running = sandbox.startInTerminal(['now-playing', '--watch'])
  await waitFor(() => running?.stdout().includes('Nothing is playing.') === true)
  standIn.playback = track
  await waitFor(() => running?.stdout().includes('Clair de lune') === true)
  expect(running.stdout()).toContain('\u001b[1A\u001b[J')
})
