import { systemCode } from '../errors.ts'

/** The longest pause between two tries; all of them together take two seconds. */
const longestPauseMs = 200

/**
 * Renames or removes a file. Windows refuses that while another program has the file open, as a virus scanner, an indexer
 * or a backup does for a moment: there it is tried again, until the system's own error is thrown.
 */
export function whenNotInUse(change: () => void): void {
  for (let pauseMs = 10; ; pauseMs += 10) {
    try {
      change()
      return
    } catch (error) {
      if (!mayBeInUse(error) || pauseMs > longestPauseMs) throw error
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
  }
}

/** Whether it is what Windows says of a file that another program has open. */
export function mayBeInUse(error: unknown): boolean {
  return process.platform === 'win32' && ['EACCES', 'EBUSY', 'EPERM'].includes(systemCode(error) ?? '')
}
