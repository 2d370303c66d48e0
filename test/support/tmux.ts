import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

/** A tmux of its own, seen from outside: its status line is drawn only for somebody who looks at it. */
export interface Tmux {
  /** The last line of the screen, as it is painted: styles are escape sequences. */
  statusLine(): string
  stop(): void
}

/** Starts tmux with this configuration in a directory; a second tmux is the terminal that it is shown in. */
export function startTmux(directory: string, configuration: string, env: Record<string, string>): Tmux {
  const file = path.join(directory, 'tmux.conf')
  writeFileSync(file, configuration)
  const run = (socket: string, args: string[]) =>
    spawnSync('tmux', ['-S', path.join(directory, socket), ...args], {
      env: { ...env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    }).stdout
  run('inner', ['-f', file, 'new-session', '-d', '-x', '150', '-y', '5', 'sleep 600'])
  const attach = `exec env -u TMUX tmux -S '${path.join(directory, 'inner')}' attach`
  run('outer', [
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
    statusLine: () =>
      run('outer', ['capture-pane', '-p', '-e']).trimEnd().split('\n').at(-1)?.trimEnd() ?? '',
    stop() {
      run('outer', ['kill-server'])
      run('inner', ['kill-server'])
    },
  }
}
