import { closeSync, fstatSync } from 'node:fs'
import { type EndingSignal, Interrupted } from '../errors.ts'

/** The error for a signal that ends the program. With SIGHUP the terminal may be gone, or will be in a moment. */
export function interruptedBy(signal: EndingSignal): Interrupted {
  if (signal === 'SIGHUP') process.once('exit', letGoOfTerminal)
  return new Interrupted(signal)
}

/** Closes a terminal that is gone: at its exit Node 20 resets its terminals, and aborts where one is gone but still open. */
export function letGoOfTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      if (fstatSync(fd).isCharacterDevice()) closeSync(fd)
    } catch {
      // It is closed.
    }
  }
}
