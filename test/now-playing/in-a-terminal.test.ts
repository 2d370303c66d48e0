import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack } from '../support/now-playing.ts'
import { waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

const { title, skip } = needs('now-playing in a terminal', 'script')

describe.skipIf(skip).concurrent(title, () => {
  it.beforeEach(hearATrack)

  it('is a coloured card with a progress bar', async ({ sandbox }) => {
    const { stdout } = await sandbox.startInTerminal(['now-playing']).outcome
    expect(stdout).toContain('\u001b[')
    expect(stripVTControlCharacters(stdout)).toMatch(
      /▶ Clair de lune\r?\n.*Marisol Vantreight, Claude Debussy\r?\n.*Suite bergamasque\r?\n.*━+─+ 1:23 \/ 5:04/s,
    )
  })

  it.for<[string, string[], Record<string, string>]>([
    ['--no-color', ['--no-color'], {}],
    ['NO_COLOR', [], { NO_COLOR: '1' }],
  ])('%s leaves colours out', async ([, args, env], { sandbox }) => {
    const { stdout } = await sandbox.startInTerminal(['now-playing', ...args], { env }).outcome
    expect(stdout).toContain('Clair de lune')
    expect(stdout).not.toContain('\u001b[')
  })

  it('says when nothing plays', async ({ sandbox, standIn }) => {
    standIn.playback = undefined
    const { code, stdout } = await runInProcess(sandbox, ['now-playing'], { columns: 80 })
    expect({ code, shown: stdout.trim() }).toEqual({ code: 0, shown: 'Nothing is playing.' })
  })

  it('with --watch draws the card over as many lines as were there before', async ({ sandbox, standIn }) => {
    standIn.playback = undefined
    const running = sandbox.startInTerminal(['now-playing', '--watch'])
    await waitFor(() => running.stdout().includes('Nothing is playing.'))
    standIn.playback = track
    await waitFor(() => running.stdout().includes('Clair de lune'))
    expect(running.stdout()).toContain('\u001b[1A\u001b[J')
  })
})
