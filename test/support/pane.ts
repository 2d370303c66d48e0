import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runTmux } from './run-tmux.ts'
import { programFile } from './sandbox.ts'

/** The built program in a terminal that is really drawn: what is seen is the screen, not the bytes that made it. */
export interface Pane {
  /** The screen as it is now, without styles. */
  screen(): Promise<string>
  /** The question that waits for an answer; undefined where none does. */
  question(): Promise<string | undefined>
  /** Presses keys by their names in tmux, such as `Enter`, or types a text. */
  press(...keys: string[]): Promise<void>
  /** How the program has ended; undefined while it runs. */
  exitCode(): number | undefined
  stop(): Promise<void>
}

/** Starts the program in a tmux of its own, with its files in this directory. */
export async function startInPane(
  directory: string,
  args: string[],
  env: Record<string, string>,
): Promise<Pane> {
  const [socket, configuration, ending] = ['pane', 'pane.conf', 'pane.exit'].map((name) =>
    path.join(directory, name),
  ) as [string, string, string]
  writeFileSync(configuration, 'set -g remain-on-exit on\nset -g status off\nset -s escape-time 0\n')
  const run = (...words: string[]) => runTmux(socket, words, env)
  // A shell between the two tells how it ended, also after a Ctrl-C, which it gets as well.
  const line = `trap : INT; "$@"; echo $? > '${ending}'`
  const program = ['sh', '-c', line, 'sh', process.execPath, programFile, ...args]
  await run('-f', configuration, 'new-session', '-d', '-x', '80', '-y', '40', ...program)
  const screen = async () => (await run('capture-pane', '-p')).trimEnd()
  return {
    screen,
    // Its mark is another one once it has been answered.
    question: async () => /^[◆▲] {2}(.*)$/m.exec(await screen())?.[1],
    async press(...keys) {
      await run('send-keys', ...keys)
    },
    exitCode() {
      const status = existsSync(ending) ? readFileSync(ending, 'utf8') : ''
      return status.endsWith('\n') ? Number(status) : undefined
    },
    async stop() {
      await run('kill-server')
    },
  }
}
