import { type EndingSignal, endingSignals, Interrupted } from '../errors.ts'
import type { Output } from './output.ts'

interface Terminal {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
  signal: AbortSignal
}

/** Whether there is somebody to ask. */
export function canAsk({ stdin, stderr }: { stdin: NodeJS.ReadStream; stderr: Output }): boolean {
  return stdin.isTTY && stderr.isTerminal
}

/**
 * One question on the terminal, shown by a library that answers with a symbol when it was left; undefined for Esc.
 * Throws `Interrupted` for Ctrl-C, Ctrl-D and signals.
 */
export async function prompt<T>(
  { stdin }: { stdin: NodeJS.ReadStream },
  show: (terminal: Terminal) => Promise<T>,
): Promise<Exclude<T, symbol> | undefined> {
  const leaving = new AbortController()
  // Only while it asks: what waits for Spotify afterwards ends as usual.
  const leave = (name: EndingSignal) => leaving.abort(new Interrupted(name))
  let isInterrupted = false
  const note = (_: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    isInterrupted = key?.ctrl === true && key.name === 'c'
    // Ctrl-D would close the question without an answer, and with it the program.
    if (key?.ctrl && key.name === 'd') setImmediate(leave, 'SIGINT')
  }
  for (const name of endingSignals) process.on(name, leave)
  stdin.on('keypress', note)
  try {
    // Standard output is for data.
    const answer = await show({ input: stdin, output: process.stderr, signal: leaving.signal })
    if (typeof answer !== 'symbol') return answer as Exclude<T, symbol>
    leaving.signal.throwIfAborted()
    if (isInterrupted) throw new Interrupted('SIGINT')
    return undefined
  } finally {
    stdin.off('keypress', note)
    for (const name of endingSignals) process.off(name, leave)
  }
}
