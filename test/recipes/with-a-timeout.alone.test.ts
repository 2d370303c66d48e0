import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { hearATrack } from '../support/now-playing.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import { recipe } from '../support/recipe.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

// These recipes show nothing where the program takes more than two seconds, as it may on a machine that is busy.

it.beforeEach(hearATrack)

const hostile = '%F{1}"\\ $(touch pwned) `touch pwned`'

function playHostile(standIn: StandIn): void {
  standIn.playback = { ...track, item: { ...track.item, artists: [], name: hostile } }
}

it('i3status gets a block in front of its own, whatever the title', async ({ sandbox, standIn }) => {
  const env = withProgramOnPath(sandbox)
  const directory = env.HOME ?? ''
  playHostile(standIn)
  const lines = ['{"version":1}', '[', '[{"full_text":"12:00"}]', ',[{"full_text":"12:01"}]']
  const i3status = path.join(directory, 'bin', 'i3status')
  writeFileSync(i3status, `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\n`, { mode: 0o755 })
  const child = spawn('sh', ['-c', recipe('bash')], { env, cwd: directory })
  const [, , first = '', second = ''] = (await text(child.stdout)).split('\n')
  const block = { name: 'spotify', full_text: hostile }
  expect(JSON.parse(first)).toEqual([block, { full_text: '12:00' }])
  expect(JSON.parse(second.slice(1))).toEqual([block, { full_text: '12:01' }])
  expect(existsSync(path.join(directory, 'pwned'))).toBe(false)
})

const inZsh = needs('zsh', 'zsh')
it.skipIf(inZsh.skip)(`${inZsh.title} shows the title as it is`, async ({ sandbox, standIn }) => {
  const env = withProgramOnPath(sandbox)
  const directory = env.HOME ?? ''
  playHostile(standIn)
  const script = `${recipe('zsh')}\nsetopt prompt_subst\nfor each in $precmd_functions; do $each; done; print -P $RPROMPT`
  const child = spawn('zsh', ['-fc', script], { env, cwd: directory })
  expect(await text(child.stdout)).toBe(`${hostile}\n`)
  expect(existsSync(path.join(directory, 'pwned'))).toBe(false)
})
