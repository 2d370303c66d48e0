import { closeSync, fchmodSync, openSync, writeFileSync } from 'node:fs'

/** Opens a file for writing; where it is missing it is made. It is for its owner alone, whatever the umask. */
export function openPrivateFile(file: string, flags: 'a' | 'w' | 'wx'): number {
  const fd = openSync(file, flags, 0o600)
  try {
    fchmodSync(fd, 0o600)
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
