import { type EndingSignal, endingSignals, Interrupted } from '../errors.ts'
import { interruptedBy } from './hang-up.ts'
import type { Output } from './output.ts'

interface Terminal {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
  signal: AbortSignal
}

/** Whether the user can be asked: standard input and standard error are a terminal. */
export function canAsk({ stdin, stderr }: { stdin: NodeJS.ReadStream; stderr: Output }): boolean {
  return stdin.isTTY && stderr.isTerminal
}

/**
 * Asks one question on the terminal with a prompt of @clack/prompts; undefined when the user leaves it with Esc.
 * Throws `Interrupted` for Ctrl-C, Ctrl-D and signals.
 */
export async function prompt<T>(
  { stdin }: { stdin: NodeJS.ReadStream },
  show: (terminal: Terminal) => Promise<T>,
): Promise<Exclude<T, symbol> | undefined> {
  const leaving = new AbortController()
  // Only while the question is open; afterwards signals end the process as usual.
  const leave = (name: EndingSignal) => leaving.abort(interruptedBy(name))
  let isInterrupted = false
  const note = (_: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    isInterrupted = key?.ctrl === true && key.name === 'c'
    // Ctrl-D closes standard input, and the prompt would never end.
    if (key?.ctrl && key.name === 'd') setImmediate(leave, 'SIGINT')
  }
  const hangUp = () => leave('SIGHUP')
  for (const name of endingSignals) process.on(name, leave)
  stdin.on('keypress', note).on('end', hangUp)
  const giveBack = forgiveRawMode(stdin)
  // Writing to a terminal that is gone fails sooner or later; that is no reason for the command to fail.
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {})
  try {
    // The question goes to standard error, because standard output is for data.
    const answer = await show({ input: stdin, output: process.stderr, signal: leaving.signal })
    if (typeof answer !== 'symbol') return answer as Exclude<T, symbol>
    leaving.signal.throwIfAborted()
    if (isInterrupted) throw new Interrupted('SIGINT')
    return undefined
  } finally {
    giveBack()
    stdin.off('keypress', note).off('end', hangUp)
    for (const name of endingSignals) process.off(name, leave)
  }
}

/** Ignores the errors of raw mode on a terminal that is gone, which could not be caught elsewhere; returns how to stop. */
export function forgiveRawMode(terminal: NodeJS.ReadStream): () => void {
  const { setRawMode } = terminal
  terminal.setRawMode = (mode) => {
    try {
      setRawMode.call(terminal, mode)
    } catch {}
    return terminal
  }
  return () => {
    terminal.setRawMode = setRawMode
  }
}
