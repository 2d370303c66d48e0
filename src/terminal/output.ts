import { fstatSync, writeSync } from 'node:fs'
import { Interrupted, systemCode } from '../errors.ts'

/** Standard output or standard error. */
export interface Output {
  readonly isTerminal: boolean
  /** The width of the terminal in cells; 80 where nobody knows. */
  readonly columns: number
  /** Writes all of the text before it returns. */
  write(text: string): void
}

/** Opens a file descriptor for writing; what a stream (or `node:tty`) costs is paid only where it is asked for. */
export function openOutput(fd: 1 | 2): Output {
  return {
    get isTerminal() {
      try {
        // A terminal is a device: a pipe or a file is told apart without loading node:tty, and the streams with it.
        return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd)
      } catch {
        // A service, or a program without a console, may have been given nothing to write to.
        return false
      }
    },
    get columns() {
      try {
        return (fd === 1 ? process.stdout : process.stderr).columns || 80
      } catch {
        // The terminal is gone since it was last looked at.
        return 80
      }
    },
    write(text) {
      try {
        writeAll(fd, Buffer.from(text))
      } catch (error) {
        // A message that nobody can hear is no reason to fail; nor is data that nobody has asked for.
        if (fd === 2 || systemCode(error) === 'EBADF') return
        // A terminal that is gone: its window was closed.
        throw systemCode(error) === 'EIO' && fstatSync(fd).isCharacterDevice()
          ? new Interrupted('SIGHUP')
          : error
      }
    },
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      // A pipe that somebody made non-blocking, and that is full: its reader needs a moment.
      if (systemCode(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
