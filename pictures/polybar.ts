import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { track } from '../test/support/fixtures.ts'
import { withProgramOnPath } from '../test/support/on-path.ts'
import { recipe } from '../test/support/recipe.ts'
import { createSandbox, waitFor } from '../test/support/sandbox.ts'
import { startStandIn } from '../test/support/stand-in.ts'
import type { Scheme } from './draw.ts'

const colors = {
  light: { background: '#fafaf8', foreground: '#1c1c1a', soft: '#5c5c57' },
  dark: { background: '#161615', foreground: '#ededea', soft: '#a3a39c' },
}

/** The real polybar on an X server without a screen, with the recipe as it stands; a PNG. */
export async function drawPolybar(scheme: Scheme): Promise<Buffer> {
  const { background, foreground, soft } = colors[scheme]
  const directory = mkdtempSync(path.join(tmpdir(), 'polybar-'))
  const standIn = await startStandIn()
  const sandbox = createSandbox(standIn)
  const started: { child: ChildProcess; ended: Promise<unknown> }[] = []
  const start = (file: string, args: string[], env: Record<string, string>) => {
    const child = spawn(file, args, { env, stdio: 'ignore' })
    started.push({ child, ended: once(child, 'close') })
  }
  try {
    standIn.playback = track
    await sandbox.logIn(standIn)
    const display = String(100 + (process.pid % 800))
    start('Xvfb', [`:${display}`, '-screen', '0', '1500x56x24'], { PATH: process.env.PATH ?? '' })
    await waitFor(() => existsSync(`/tmp/.X11-unix/X${display}`))
    const configuration = path.join(directory, 'polybar.ini')
    writeFileSync(
      configuration,
      `[bar/top]
width = 100%
height = 56
dpi = 168
background = ${background}
foreground = ${foreground}
font-0 = DejaVu Sans:size=10;4
padding = 2
modules-left = where
modules-right = spotify date
separator = "   "
[module/where]
type = custom/text
content = "1   2   3"
content-foreground = ${soft}
[module/date]
type = custom/text
content = "21:07"
${recipe('ini', 2)}`,
    )
    const env = { ...withProgramOnPath(sandbox), DISPLAY: `:${display}`, LC_ALL: 'C.UTF-8' }
    start('polybar', [`--config=${configuration}`, 'top'], env)
    await waitFor(() => standIn.requestsTo('GET /v1/me/player/currently-playing').length > 0)
    await sleep(1500)
    const file = path.join(directory, 'bar.png')
    execFileSync('import', ['-window', 'root', file], { env })
    return readFileSync(file)
  } finally {
    for (const { child, ended } of started.reverse()) {
      child.kill()
      await ended
    }
    await sandbox.remove()
    await standIn.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
