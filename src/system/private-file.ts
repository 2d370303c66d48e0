import { closeSync, fchmodSync, fstatSync, openSync, writeFileSync } from 'node:fs'

/** Opens a file for writing; where it is missing it is made. It is for its owner alone, whatever the umask. */
export function openPrivateFile(file: string, flags: 'a' | 'w' | 'wx'): number {
  const fd = openSync(file, flags, 0o600)
  try {
    // A lock is opened again and again, and to set its mode wakes everybody who watches the directory.
    if (flags !== 'a' || (fstatSync(fd).mode & 0o777) !== 0o600) fchmodSync(fd, 0o600)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Writes a file as a whole, for its owner alone. */
export function writePrivateFile(file: string, text: string): void {
  const fd = openPrivateFile(file, 'w')
  try {
    writeFileSync(fd, text)
  } finally {
    closeSync(fd)
  }
}
