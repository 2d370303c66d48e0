import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Runs a command of tmux on the server with this socket; what it prints. Not with `spawnSync`, which would stop the
 * stand-in, whose answers the programs in tmux wait for.
 */
export async function runTmux(socket: string, args: string[], env: Record<string, string>): Promise<string> {
  const { stdout } = await run('tmux', ['-S', socket, ...args], {
    env: { ...env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
  })
  return stdout
}
