import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes directories where they are missing, with those above them, for their owner alone whatever the umask. */
export function makePrivateDirectories(...directories: string[]): void {
  for (const directory of directories) {
    if (existsSync(directory)) continue
    // One by one: under a strict umask the system could not enter what it has just made.
    makePrivateDirectories(dirname(directory))
    try {
      mkdirSync(directory, 0o700)
      chmodSync(directory, 0o700)
    } catch (error) {
      // Another process has made it meanwhile.
      if (!existsSync(directory)) throw error
    }
  }
}

/** Whether only this user can have put anything into a directory; false for a link to one. */
export function isOursAlone(directory: string): boolean {
  try {
    const { uid, mode } = lstatSync(directory)
    return uid === process.getuid?.() && mode % 0o200000 === 0o40700
  } catch {
    return false
  }
}
