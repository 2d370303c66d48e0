import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { pausedTrack, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack, player, timesAsked } from '../support/now-playing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

/** Starts `now-playing --watch`; `lines` are those that it has printed so far. */
function watch(sandbox: Sandbox, ...args: string[]) {
  const running = sandbox.start(['now-playing', '--watch', ...args])
  return { ...running, lines: () => running.stdout().split('\n').slice(0, -1) }
}

/** When each of the first so many questions to Spotify came in; waits for them. */
async function arrivals(standIn: StandIn, count: number): Promise<number[]> {
  await waitFor(() => timesAsked(standIn) >= count, 30_000)
  return standIn.requestsTo(player).map(({ atMs }) => atMs)
}

describe.concurrent('now-playing --watch', () => {
  it.beforeEach(hearATrack)

  // The longest of them comes first: some wait for a place.
  it('goes on after errors, at growing distances, and tells only the first', async ({ sandbox, standIn }) => {
    const { lines, stderr } = watch(sandbox, '--format', '{title}', '--interval', '1')
    await waitFor(() => lines().length === 1)
    standIn.fault(player, { status: 503, body: '' }, { status: 200, body: '<html>' })
    standIn.playback = { ...track, item: { ...track.item, name: 'Passepied' } }
    const [, first = 0, second = 0, third = 0] = await arrivals(standIn, 4)
    expect(third - second).toBeGreaterThan((second - first) * 1.5)
    await waitFor(() => lines().length === 2)
    expect(lines()).toEqual(['Clair de lune', 'Passepied'])
    expect(stderr().trim().split('\n')).toHaveLength(1)
  }, 60_000)

  it('prints again only when something changed, and keeps one connection', async ({ sandbox, standIn }) => {
    const { lines } = watch(sandbox, '--format', '{state} {title}', '--interval', '1')
    await waitFor(() => timesAsked(standIn) >= 3)
    expect(lines()).toEqual(['playing Clair de lune'])
    standIn.playback = pausedTrack
    await waitFor(() => lines().length === 2)
    standIn.playback = undefined
    await waitFor(() => lines().length === 3)
    expect(lines()).toEqual(['playing Clair de lune', 'paused Clair de lune', ''])
    const ports = standIn.requestsTo(player).map(({ clientPort }) => clientPort)
    expect(new Set(ports).size).toBe(1)
  })

  it('moves the progress on between the requests', async ({ sandbox, standIn }) => {
    const { lines } = watch(sandbox, '--format', '{progress}', '--interval', '20')
    await waitFor(() => lines().length >= 4)
    expect(lines().slice(0, 4)).toEqual(['1:23', '1:24', '1:25', '1:26'])
    expect(timesAsked(standIn)).toBe(1)
  })

  it('asks right after the end of the track, sooner than at other times', async ({ sandbox, standIn }) => {
    standIn.playback = { ...track, progress_ms: track.item.duration_ms - 500 }
    const { lines } = watch(sandbox, '--format', '{title}')
    await waitFor(() => lines().length === 1)
    standIn.playback = { ...track, progress_ms: 500, item: { ...track.item, name: 'Passepied' } }
    const [first = 0, second = 0, third = 0] = await arrivals(standIn, 3)
    expect(second - first).toBeLessThan(third - second - 100)
    expect(lines()).toEqual(['Clair de lune', 'Passepied'])
  })

  it('shows nothing after a logout, and comes back with the next login', async ({ sandbox, standIn }) => {
    const { lines } = watch(sandbox, '--format', '{title}', '--idle', '-')
    await waitFor(() => lines().length === 1)
    await runInProcess(sandbox, ['logout'])
    await waitFor(() => lines().length === 2)
    expect(lines()).toEqual(['Clair de lune', '-'])
    await sandbox.logIn(standIn)
    await waitFor(() => lines().length === 3)
    expect(lines().at(-1)).toBe('Clair de lune')
  }, 40_000)

  it('with SPOTIFY_REFRESH_TOKEN refreshes once, not at every request', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    const { refresh_token } = await standIn.issue()
    sandbox.start(['now-playing', '--watch', '--interval', '1'], {
      env: { SPOTIFY_REFRESH_TOKEN: refresh_token },
    })
    await waitFor(() => timesAsked(standIn) >= 3)
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  })

  it('tmux gets an empty line in time where an answer takes long, so that it does not show the command', async ({
    sandbox,
    standIn,
  }) => {
    standIn.fault(player, { delayMs: 2_000 })
    const { lines } = watch(sandbox, '--escape', 'tmux')
    await waitFor(() => lines().length === 1)
    expect(lines()).toEqual([''])
    await waitFor(() => lines().length === 2)
    expect(lines()[1]).toContain('Clair de lune')
  })

  it('waybar gets one object a line', async ({ sandbox }) => {
    const { lines } = watch(sandbox, '--waybar')
    await waitFor(() => lines().length >= 1)
    for (const line of lines()) expect(JSON.parse(line).class).toBe('playing')
  })

  const { title, skip } = needs('a terminal gets a bar that moves in place', 'script')
  it.skipIf(skip)(title, async ({ sandbox }) => {
    const terminal = sandbox.startInTerminal(['now-playing', '--watch'])
    await waitFor(() => /1:25 \/ 5:04/.test(terminal.stdout()))
    const shown = stripVTControlCharacters(terminal.stdout())
    expect(shown.split('▶ Clair de lune').length).toBeGreaterThan(2)
    expect(terminal.stdout()).toContain('\u001b[4A\u001b[J')
  })

  it('with --max-age lives on what the others fetch', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, ['now-playing', '--max-age', '60'])
    const { lines } = watch(sandbox, '--max-age', '60', '--format', '{title}')
    await waitFor(() => lines().length === 1)
    expect(timesAsked(standIn)).toBe(1)
  })
})
