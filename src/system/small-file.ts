import { closeSync, constants, fstatSync, openSync, readFileSync, readvSync, type Stats } from 'node:fs'

/** No file of this program's is larger. */
const maxBytes = 64 * 1024

/** Something that cannot be a file of this program's; its message says why. */
export class UnlikelyFile extends Error {
  override readonly name = 'UnlikelyFile'
}

/**
 * Reads a whole file as far as it can be one of this program's; `inspect` may look at it first, and refuse it.
 * Throws `UnlikelyFile`, and the system's own error.
 */
export function readSmallFile(file: string, inspect?: (fd: number, stats: Stats) => void): Buffer {
  // Non-blocking: a pipe in its place must not hang every command.
  const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(fd)
    if ((stats.mode & constants.S_IFMT) !== constants.S_IFREG)
      throw new UnlikelyFile('it is not a regular file')
    if (stats.size > maxBytes) throw new UnlikelyFile(`it is larger than ${maxBytes} bytes`)
    inspect?.(fd, stats)
    const bytes = Buffer.alloc(stats.size)
    const length = readvSync(fd, [bytes])
    if (length === bytes.length) return bytes
    // A network file system may give less at once than is asked for. For this alone Node has to load more.
    return Buffer.concat([bytes.subarray(0, length), readFileSync(fd)])
  } finally {
    closeSync(fd)
  }
}
