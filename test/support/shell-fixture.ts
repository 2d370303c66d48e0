import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { it as plain } from './fixture.ts'
import { hearATrack } from './now-playing.ts'
import { withProgramOnPath } from './on-path.ts'
import { recipeUnder } from './recipe.ts'

interface Shell {
  /** With the program and a `notify-send` of its own on the PATH. */
  env: Record<string, string>
  /** Runs the recipe under that heading in a shell, changed by `change`; it is ended with the test. */
  start(heading: string, change?: (code: string) => string): void
  /** Runs a line, and waits for its end. */
  run(line: string): Promise<void>
  /** What has been printed so far. */
  stdout(): string
  /** What `notify-send` was called with, the words of each call. */
  notified(): string[][]
  /** The path of a file in the home directory. */
  file(name: string): string
  read(name: string): string
}

/** `it` with a shell that has the program and a `notify-send` of its own; somebody hears a track. */
export const it = plain.extend<{ shell: Shell }>({
  shell: async ({ sandbox, standIn }, use) => {
    await hearATrack({ sandbox, standIn })
    const env = withProgramOnPath(sandbox)
    const cwd = env.HOME ?? ''
    const file = (name: string) => path.join(cwd, name)
    const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '')
    writeFileSync(file('bin/notify-send'), `#!/bin/sh\n(printf '%s\\0' "$@"; echo) >>"$HOME/notified"\n`, {
      mode: 0o755,
    })
    let printed = ''
    let group: number | undefined
    await use({
      env,
      start(heading, change = (code) => code) {
        const child = spawn('sh', ['-c', change(recipeUnder(heading))], { env, cwd, detached: true })
        child.stdout.setEncoding('utf8').on('data', (text) => {
          printed += text
        })
        group = child.pid
      },
      async run(line) {
        expect(await once(spawn('sh', ['-c', line], { env, cwd }), 'exit')).toEqual([0, null])
      },
      stdout: () => printed,
      notified: () =>
        read('notified')
          .split('\0\n')
          .slice(0, -1)
          .map((words) => words.split('\0')),
      file,
      read,
    })
    if (group !== undefined) process.kill(-group, 'SIGKILL')
    expect(existsSync(file('pwned'))).toBe(false)
  },
})
