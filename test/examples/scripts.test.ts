import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { episode, track } from '../support/fixtures.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { packageDirectory } from '../support/script.ts'
import { needs } from '../support/tools.ts'

async function run(sandbox: Sandbox, file: string, program: string) {
  const env = withProgramOnPath(sandbox)
  const child: ChildProcess = spawn(program, [path.join(packageDirectory, 'examples', file)], { env })
  const { stdout, stderr } = child as ChildProcess & {
    stdout: NodeJS.ReadableStream
    stderr: NodeJS.ReadableStream
  }
  const [[code], printed, said] = await Promise.all([once(child, 'close'), text(stdout), text(stderr)])
  return { code, stdout: printed, stderr: said }
}

describe.each([
  ['now-playing.mjs', process.execPath, 'node'],
  ['now-playing.sh', 'sh', 'jq'],
])('%s', (file, program, tool) => {
  const { title, skip } = needs('prints', tool)
  describe.concurrent(title, { skip }, () => {
    it.for([
      ['the track', track, 'Marisol Vantreight, Claude Debussy - Clair de lune'],
      ['the episode, by its show', episode, `${episode.item.show.name} - A Light off the Azores`],
      ['nothing of an ad', { ...track, item: null, currently_playing_type: 'ad' }, 'Nothing is playing.'],
      ['that nothing plays', undefined, 'Nothing is playing.'],
      [
        'a hostile title without its commands to the terminal',
        { ...track, item: { ...track.item, name: '\u001b]0;x\u0007$(id) `id` \\n' } },
        'Marisol Vantreight, Claude Debussy - ]0;x$(id) `id` \\n',
      ],
    ] as const)('%s', async ([, playback, line], { sandbox, standIn }) => {
      await sandbox.logIn(standIn)
      standIn.playback = playback
      expect(await run(sandbox, file, program)).toEqual({ code: 0, stdout: `${line}\n`, stderr: '' })
    })

    it('what to do where nobody is logged in', async ({ sandbox }) => {
      const said = expect.stringMatching(/^You are not logged in\.\sRun: spotify-auth login\n$/)
      expect(await run(sandbox, file, program)).toEqual({ code: 4, stdout: '', stderr: said })
    })

    it('nothing where Spotify fails, and fails', async ({ sandbox, standIn }) => {
      await sandbox.logIn(standIn)
      standIn.fault('GET /v1/me/player/currently-playing', { status: 503, body: 'no' })
      const { code, stdout, stderr } = await run(sandbox, file, program)
      expect([code === 0, stdout, stderr]).toEqual([false, '', expect.stringContaining('503')])
    })
  })
})
