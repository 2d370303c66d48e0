import type { Interrupted } from '../errors.ts'

/**
 * Raises a signal again that has waited for the end of a refresh, so that it ends the program. A program that listens
 * for the signal has received it already.
 */
export function raiseAgain({ signal }: Interrupted): void {
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}
