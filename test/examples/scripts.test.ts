import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { episode, track } from '../support/fixtures.ts'
import { createSandbox, programFile, type Sandbox } from '../support/sandbox.ts'
import { packageDirectory } from '../support/script.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

let standIn: StandIn
let sandbox: Sandbox
let env: Record<string, string>
beforeEach(async () => {
  standIn = await startStandIn()
  sandbox = createSandbox(standIn)
  const bin = path.join(sandbox.env.HOME ?? '', 'bin')
  mkdirSync(bin)
  const line = `exec '${process.execPath}' '${programFile}' "$@"`
  writeFileSync(path.join(bin, 'spotify-auth'), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  env = { ...sandbox.env, PATH: `${bin}:${sandbox.env.PATH}` }
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

async function run(file: string, program: string) {
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
  describe.skipIf(skip)(title, () => {
    it.each([
      ['the track', track, 'Marisol Vantreight, Claude Debussy - Clair de lune'],
      ['the episode, by its show', episode, `${episode.item.show.name} - A Light off the Azores`],
      ['nothing of an ad', { ...track, item: null, currently_playing_type: 'ad' }, 'Nothing is playing.'],
      ['that nothing plays', undefined, 'Nothing is playing.'],
      [
        'a hostile title without its commands to the terminal',
        { ...track, item: { ...track.item, name: '\u001b]0;x\u0007$(id) `id` \\n' } },
        'Marisol Vantreight, Claude Debussy - ]0;x$(id) `id` \\n',
      ],
    ])('%s', async (_, playback, line) => {
      await sandbox.logIn(standIn)
      standIn.playback = playback
      expect(await run(file, program)).toEqual({ code: 0, stdout: `${line}\n`, stderr: '' })
    })

    it('what to do where nobody is logged in', async () => {
      const said = expect.stringMatching(/^You are not logged in\.\sRun: spotify-auth login\n$/)
      expect(await run(file, program)).toEqual({ code: 4, stdout: '', stderr: said })
    })

    it('nothing where Spotify fails, and fails', async () => {
      await sandbox.logIn(standIn)
      standIn.fault('GET /v1/me/player/currently-playing', { status: 503, body: 'no' })
      const { code, stdout, stderr } = await run(file, program)
      expect([code === 0, stdout, stderr]).toEqual([false, '', expect.stringContaining('503')])
    })
  })
})
