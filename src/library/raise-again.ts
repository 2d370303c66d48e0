import type { Interrupted } from '../errors.ts'

/** A refresh lets signals wait; where the program does not look at them itself, they then take effect. */
export function raiseAgain({ signal }: Interrupted): void {
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}
