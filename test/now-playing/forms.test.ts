import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack, line } from '../support/now-playing.ts'
import { programFile } from '../support/sandbox.ts'

describe.concurrent('now-playing', () => {
  it.beforeEach(hearATrack)

  it('is an object for waybar', async ({ sandbox, standIn }) => {
    expect(JSON.parse((await runInProcess(sandbox, ['now-playing', '--waybar'])).stdout)).toEqual({
      text: line.trim(),
      tooltip: 'Clair de lune\nMarisol Vantreight, Claude Debussy\nSuite bergamasque',
      class: 'playing',
      percentage: 27,
    })
    standIn.playback = undefined
    expect(
      JSON.parse((await runInProcess(sandbox, ['now-playing', '--waybar', '--idle', '-'])).stdout),
    ).toEqual({
      text: '-',
      tooltip: '',
      class: 'stopped',
      percentage: 0,
    })
  })

  it('is, while nothing plays, success with nothing, --idle, or exit 3', async ({ sandbox, standIn }) => {
    standIn.playback = undefined
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await runInProcess(sandbox, ['now-playing', '--idle', 'silence'])).toMatchObject({
      code: 0,
      stdout: 'silence\n',
    })
    expect(await runInProcess(sandbox, ['now-playing', '--exit-code'])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'Nothing is playing.\n',
    })
    expect(await runInProcess(sandbox, ['now-playing', '--exit-code', '--json'])).toMatchObject({
      code: 3,
      stdout: '{"playing":false}\n',
    })
    standIn.playback = track
    expect(await runInProcess(sandbox, ['now-playing', '--exit-code'])).toMatchObject({ code: 0 })
  })

  it.for<[args: string[], hint: string]>([
    [['--format', '{nope}'], 'Fields are {title}'],
    [['--escape', 'html'], 'none, pango, tmux, polybar, json'],
    [['--max-length', '0'], '--max-length takes a whole number'],
    [['--max-age', 'x'], '--max-age takes seconds'],
  ])('with %j is a usage error before any request', async ([args, hint], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['now-playing', ...args])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(hint),
    })
    expect(standIn.requests).toEqual([])
  })

  it('cuts at --max-length before it escapes', async ({ sandbox, standIn }) => {
    standIn.playback = { ...track, item: { ...track.item, name: '<<<<' } }
    const args = ['now-playing', '--format', '{title}', '--escape', 'pango', '--max-length', '3']
    expect((await runInProcess(sandbox, args)).stdout).toBe('&lt;&lt;…\n')
  })

  it('ends quietly when its reader leaves in the middle of a long line', async ({ sandbox }) => {
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
    await once(shell, 'close')
    expect({ shown, complaint }).toEqual({ shown: 'Clair', complaint: '' })
  })
})
