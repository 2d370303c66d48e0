import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pausedTrack, track } from '../support/fixtures.ts'
import { createSandbox, programFile, type Running, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

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

/** Starts `now-playing --watch` and returns the lines that it has printed so far. */
function watch(...args: string[]): () => string[] {
  const started = sandbox.start(['now-playing', '--watch', ...args])
  running = started
  return () => started.stdout().split('\n').slice(0, -1)
}

describe('--watch', () => {
  it('prints again only when something changed', async () => {
    const lines = watch('--format', '{state} {title}')
    await waitFor(() => asked() === 3)
    expect(lines()).toEqual(['playing Clair de lune'])
    standIn.playback = pausedTrack
    await waitFor(() => lines().length === 2)
    standIn.playback = undefined
    await waitFor(() => lines().length === 3)
    expect(lines()).toEqual(['playing Clair de lune', 'paused Clair de lune', ''])
  })

  it('moves the progress on between the requests', async () => {
    const lines = watch('--format', '{progress}')
    await waitFor(() => lines().length >= 4)
    expect(lines().slice(0, 3)).toEqual(['1:23', '1:24', '1:25'])
    expect(asked()).toBeLessThanOrEqual(2)
  })

  it('asks right after the end of the track', async () => {
    standIn.playback = { ...track, progress_ms: track.item.duration_ms - 1_200 }
    const lines = watch('--format', '{title}')
    await waitFor(() => lines().length === 1)
    const startedAt = Date.now()
    standIn.playback = { ...track, item: { ...track.item, name: 'Passepied' } }
    await waitFor(() => lines().length === 2)
    expect(Date.now() - startedAt).toBeLessThan(2_500)
    expect(lines()).toEqual(['Clair de lune', 'Passepied'])
  })

  it('keeps one connection', async () => {
    watch('--format', '{title}')
    await waitFor(() => asked() === 3)
    const ports = standIn.requestsTo(player).map(({ clientPort }) => clientPort)
    expect(new Set(ports).size).toBe(1)
  })

  it('goes on after errors, at growing distances, and tells only the first', async () => {
    const lines = watch('--format', '{title}')
    await waitFor(() => lines().length === 1)
    standIn.fault(player, { status: 503, body: '' }, { reset: true }, { status: 200, body: '<html>' })
    const at: number[] = []
    let seen = asked()
    standIn.playback = { ...track, item: { ...track.item, name: 'Passepied' } }
    await waitFor(() => {
      if (asked() > seen) at.push(Date.now())
      seen = asked()
      return at.length === 3
    }, 20_000)
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThan(((at[1] ?? 0) - (at[0] ?? 0)) * 1.5)
    await waitFor(() => lines().length === 2, 20_000)
    expect(lines()).toEqual(['Clair de lune', 'Passepied'])
    expect(running?.stderr().trim().split('\n')).toHaveLength(1)
  }, 60_000)

  it('shows nothing after a logout, and comes back with the next login', async () => {
    const lines = watch('--format', '{title}', '--idle', '-')
    await waitFor(() => lines().length === 1)
    await sandbox.run(['logout'])
    await waitFor(() => lines().length === 2)
    expect(lines()).toEqual(['Clair de lune', '-'])
    await sandbox.logIn(standIn)
    await waitFor(() => lines().length === 3, 15_000)
    expect(lines().at(-1)).toBe('Clair de lune')
  }, 40_000)

  it('with SPOTIFY_REFRESH_TOKEN refreshes once, not at every request', async () => {
    standIn.rotation = 'strict'
    const { refresh_token } = await standIn.issue()
    running = sandbox.start(['now-playing', '--watch'], { env: { SPOTIFY_REFRESH_TOKEN: refresh_token } })
    await waitFor(() => asked() === 3, 15_000)
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  })

  it('ends at once with SIGTERM', async () => {
    const lines = watch()
    await waitFor(() => lines().length === 1)
    const startedAt = Date.now()
    running?.child.kill('SIGTERM')
    expect(await running?.outcome).toMatchObject({ signal: 'SIGTERM' })
    expect(Date.now() - startedAt).toBeLessThan(500)
  })

  const start = `"${process.execPath}" "${programFile}" now-playing --watch`

  it('ends quietly when it has something to say and its reader has gone', async () => {
    const shell = spawn('sh', ['-c', `${start} --format {progress} | head -1`], { env: sandbox.env })
    let shown = ''
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.on('data', (text) => {
        shown += text
      })
    }
    const startedAt = Date.now()
    await new Promise((resolve) => shell.once('close', resolve))
    expect(shown).toBe('1:23\n')
    expect(Date.now() - startedAt).toBeLessThan(4_000)
  })

  it('ends when the bar that started it is killed, also when nothing changes', async () => {
    const bar = spawn('sh', ['-c', `${start} & wait`], { env: sandbox.env })
    let shown = ''
    bar.stdout.on('data', (text) => {
      shown += text
    })
    await waitFor(() => shown.includes('Clair de lune'))
    let isOpen = true
    bar.stdout.on('close', () => {
      isOpen = false
    })
    bar.kill('SIGKILL')
    // What is left holds the pipe.
    await waitFor(() => !isOpen, 3_000)
  })

  it('waybar gets one object a line', async () => {
    const lines = watch('--waybar')
    await waitFor(() => lines().length >= 1)
    for (const line of lines()) expect(JSON.parse(line).class).toBe('playing')
  })

  const { title, skip } = needs('a terminal gets a bar that moves in place', 'script')
  it.skipIf(skip)(title, async () => {
    const terminal = sandbox.startInTerminal(['now-playing', '--watch'])
    running = terminal
    await waitFor(() => /1:25 \/ 5:04/.test(terminal.stdout()))
    const shown = stripVTControlCharacters(terminal.stdout())
    expect(shown.split('▶ Clair de lune').length).toBeGreaterThan(2)
    expect(terminal.stdout()).toContain('\u001b[4A\u001b[J')
  })
})

it('T3: a big output into `head -1` ends quietly', async () => {
  const shell = spawn(
    'sh',
    [
      '-c',
      `"${process.execPath}" "${programFile}" now-playing --format '${'{title} '.repeat(6_000)}' | head -c 5`,
    ],
    { env: sandbox.env },
  )
  let [shown, complaint] = ['', '']
  shell.stdout.on('data', (text) => {
    shown += text
  })
  shell.stderr.on('data', (text) => {
    complaint += text
  })
  await new Promise((resolve) => shell.once('close', resolve))
  expect({ shown, complaint }).toEqual({ shown: 'Clair', complaint: '' })
})
