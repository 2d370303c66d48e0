import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import headless from '@xterm/headless'
import { waitFor } from '../test/support/sandbox.ts'

/** A command that runs in a pseudo-terminal, and what its terminal shows. */
export interface TerminalSession {
  /** All bytes that the terminal has got. */
  bytes(): string
  /** The screen as text. */
  screen(): Promise<string>
  shows(text: string): Promise<void>
  type(keys: string): void
  stop(): Promise<void>
}

export interface Size {
  columns: number
  rows: number
}

/** Runs a command line of the shell in a terminal of that size. */
export function openTerminal(
  line: string,
  env: Record<string, string>,
  { columns, rows }: Size,
): TerminalSession {
  const child: ChildProcess = spawn(
    'script',
    ['-qec', `stty cols ${columns} rows ${rows}; ${line}`, '/dev/null'],
    { env: { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor', SHELL: '/bin/sh', LC_ALL: 'C.UTF-8' } },
  )
  const ended = once(child, 'close')
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true })
  let bytes = ''
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    bytes += more
    terminal.write(more)
  })
  const screen = async () => {
    await new Promise<void>((resolve) => terminal.write('', resolve))
    const { active } = terminal.buffer
    const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.viewportY + row))
    return lines
      .map((each) => each?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd()
  }
  return {
    bytes: () => bytes,
    screen,
    shows: (text) => waitFor(async () => (await screen()).includes(text), 20_000, 30),
    type: (keys) => void child.stdin?.write(keys),
    async stop() {
      child.kill()
      await ended
    },
  }
}
