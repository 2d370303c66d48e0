import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { runTmux } from './run-tmux.ts'

/** A tmux of its own, seen from outside: its status line is drawn only for somebody who looks at it. */
export interface Tmux {
  /** The last line of the screen, as it is painted: styles are escape sequences. */
  statusLine(): Promise<string>
  /** Reads a configuration, as with `prefix :source-file`. */
  read(configuration: string): Promise<void>
  stop(): Promise<void>
}

/** Starts tmux with this configuration in a directory; a second tmux is the terminal that it is shown in. */
export async function startTmux(
  directory: string,
  configuration: string,
  env: Record<string, string>,
): Promise<Tmux> {
  const file = path.join(directory, 'tmux.conf')
  writeFileSync(file, configuration)
  const run = (socket: string, args: string[]) => runTmux(path.join(directory, socket), args, env)
  await run('inner', ['-f', file, 'new-session', '-d', '-x', '150', '-y', '5', 'sleep 600'])
  const attach = `exec env -u TMUX tmux -S '${path.join(directory, 'inner')}' attach`
  await run('outer', [
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    '150',
    '-y',
    '5',
    attach,
    ';',
    'set',
    'status',
    'off',
  ])
  return {
    async statusLine() {
      const screen = await run('outer', ['capture-pane', '-p', '-e'])
      return screen.trimEnd().split('\n').at(-1)?.trimEnd() ?? ''
    },
    async read(configuration) {
      writeFileSync(file, configuration)
      await run('inner', ['source-file', file])
    },
    async stop() {
      await run('outer', ['kill-server'])
      await run('inner', ['kill-server'])
    },
  }
}
