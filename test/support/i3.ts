import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { expect } from 'vitest'

/** i3 on a screen that nobody sees. */
export interface I3 {
  /** Presses a key by its name in X, such as `super+shift+l`. */
  press(key: string): Promise<void>
  stop(): Promise<void>
}

/** Starts i3 with these lines in its configuration, and waits until it listens to keys. */
export async function startI3(lines: string, env: Record<string, string>): Promise<I3> {
  const file = path.join(env.HOME ?? '', 'i3.conf')
  writeFileSync(file, `# i3 config file (v4)\nfont pango:monospace 8\nset $mod Mod4\n${lines}`)
  const screen = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [number] = await once(screen.stdio[3] as Readable, 'data')
  const onScreen = { ...env, DISPLAY: `:${`${number}`.trim()}`, I3SOCK: path.join(env.HOME ?? '', 'i3.sock') }
  const i3 = spawn('i3', ['-c', file], { env: onScreen, stdio: 'ignore' })
  const run = async (command: string, ...args: string[]) => {
    const [code] = await once(spawn(command, args, { env: onScreen, stdio: 'ignore' }), 'exit')
    return code
  }
  const ready = async () => {
    for (let tries = 200; (await run('i3-msg', '-t', 'get_version')) !== 0; tries--) {
      if (tries === 0) throw new Error('i3 does not start')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await ready()
  return {
    async press(key) {
      expect(await run('xdotool', 'key', key)).toBe(0)
    },
    async stop() {
      for (const child of [i3, screen]) await end(child)
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill()
  await exited
}
