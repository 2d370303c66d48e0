import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { track } from '../support/fixtures.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import { recipe } from '../support/readme.ts'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { startTmux, type Tmux } from '../support/tmux.ts'
import { needs } from '../support/tools.ts'

let standIn: StandIn
let sandbox: Sandbox
let directory: string
let env: Record<string, string>

beforeEach(async () => {
  standIn = await startStandIn()
  standIn.playback = track
  sandbox = createSandbox(standIn)
  await sandbox.logIn(standIn)
  directory = sandbox.env.HOME ?? ''
  env = withProgramOnPath(sandbox)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

function play(name: string): void {
  standIn.playback = { ...track, item: { ...track.item, name } }
}

const inTmux = needs('tmux', 'tmux')
describe.skipIf(inTmux.skip)(inTmux.title, () => {
  let tmux: Tmux
  beforeEach(() => {
    tmux = startTmux(directory, recipe('tmux'), env)
  })
  afterEach(() => tmux.stop())

  const shown = async (title: string) => {
    await waitFor(() => tmux.statusLine().endsWith(`Marisol Vantreight, Claude Debussy - ${title}`))
  }

  // The flag of the window's name is then the last character.
  const isEmpty = () => tmux.statusLine().endsWith('*')

  it('shows the track, follows a change, and is empty after a logout', async () => {
    await shown('Clair de lune')
    play('Passepied')
    const changedAt = Date.now()
    await shown('Passepied')
    // Mostly one second; two where tmux has looked already in this one. And what starting a process takes.
    expect(Date.now() - changedAt).toBeLessThan(2_300)
    await sandbox.run(['logout'])
    await waitFor(isEmpty)
  })

  it('is empty when Spotify cannot be reached', async () => {
    await shown('Clair de lune')
    await standIn.close()
    await waitFor(isEmpty)
    standIn = await startStandIn()
  })

  it('shows a hostile title as it is', async () => {
    for (const title of [
      '#[fg=red]x',
      '##[fg=red]x',
      'a # b ## c ### d',
      '#(touch pwned)',
      '#{pid} #S #,#}',
      '%H:%M $(touch pwned)',
      'Prelude in C#',
      'C##',
      '###',
    ]) {
      play(title)
      await shown(title)
    }
    await sleep(1_100)
    expect(existsSync(path.join(directory, 'pwned'))).toBe(false)
  })
})

const inI3blocks = needs('i3blocks', 'i3blocks')
it.skipIf(inI3blocks.skip)(
  `${inI3blocks.title} shows the track, follows a change, and takes no markup`,
  async () => {
    const file = path.join(directory, 'i3blocks.conf')
    writeFileSync(file, recipe('ini'))
    const child = spawn('i3blocks', ['-c', file], { env, cwd: directory, detached: true })
    const exited = once(child, 'exit')
    let output = ''
    child.stdout.on('data', (lines) => {
      output += lines
    })
    const shows = (title: string) =>
      waitFor(
        () =>
          output
            .trimEnd()
            .split('\n')
            .at(-1)
            ?.includes(`"full_text":${JSON.stringify(title)}`) ?? false,
      )
    await shows('Marisol Vantreight, Claude Debussy - Clair de lune')
    play('<b>"x" & $(touch pwned)')
    await shows('Marisol Vantreight, Claude Debussy - &lt;b&gt;&quot;x&quot; &amp; $(touch pwned)')
    standIn.playback = undefined
    await waitFor(() => !output.trimEnd().split('\n').at(-1)?.includes('Marisol'))
    // It waits for its blocks' commands to end: all of them get the signal, as from i3bar.
    process.kill(-Number(child.pid), 'SIGTERM')
    await exited
    expect(existsSync(path.join(directory, 'pwned'))).toBe(false)
  },
)

const byCurl = needs('curl', 'curl')
it.skipIf(byCurl.skip)(`${byCurl.title} sends the token`, async () => {
  const line = recipe('sh').replace('https://api.spotify.com/v1', standIn.env.SPOTIFY_API_URL)
  const child = spawn('sh', ['-c', line], { env })
  expect(JSON.parse(await text(child.stdout))).toMatchObject({ display_name: 'Ada Lovelace' })
})

const hostile = '%F{1}"\\ $(touch pwned) `touch pwned`'

function playHostile(): void {
  standIn.playback = { ...track, item: { ...track.item, artists: [], name: hostile } }
}

it('i3status gets a block in front of its own, whatever the title', async () => {
  playHostile()
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
it.skipIf(inZsh.skip)(`${inZsh.title} shows the title as it is`, async () => {
  playHostile()
  const script = `${recipe('zsh')}\nsetopt prompt_subst\nfor each in $precmd_functions; do $each; done; print -P $RPROMPT`
  const child = spawn('zsh', ['-fc', script], { env, cwd: directory })
  expect(await text(child.stdout)).toBe(`${hostile}\n`)
  expect(existsSync(path.join(directory, 'pwned'))).toBe(false)
})
