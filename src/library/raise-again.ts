import type { Interrupted } from '../errors.ts'
import { whenReleased } from '../system/signals.ts'

/**
 * Raises a signal again that has waited for the end of a refresh, so that it ends the program, when all other refreshes
 * have ended as well. A program that listens for the signal has received it already.
 */
export function raiseAgain({ signal }: Interrupted): Promise<void> {
  return new Promise((resolve) => {
    whenReleased(() => {
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
      resolve()
    })
  })
}
