import { closeSync, fstatSync } from 'node:fs'
import { type EndingSignal, Interrupted } from '../errors.ts'

/** What a signal that ends the program says. With SIGHUP the terminal may be gone. */
export function interruptedBy(signal: EndingSignal): Interrupted {
  if (signal === 'SIGHUP') process.once('exit', letGoOfTerminal)
  return new Interrupted(signal)
}

/** Node 20 aborts at its exit when it cannot set a terminal back that is gone; what is closed it leaves alone. */
function letGoOfTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      if (fstatSync(fd).isCharacterDevice()) closeSync(fd)
    } catch {
      // It is closed.
    }
  }
}
