import { renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { removeQuietly } from './durable.ts'
import { makePrivateDirectories } from './private-directory.ts'
import { writePrivateFile } from './private-file.ts'
import { stampOf } from './stamp.ts'

/**
 * Replaces a file as a whole, for its owner alone, and returns the stamp of what it has written. A crash may lose it: it
 * is for what can be found out again. Where that fails nothing is left behind, and the system's own error is thrown.
 */
export function replaceFile(home: string, file: string, text: string): string | undefined {
  // A name of its own, because others may write at the same time.
  const temporary = `${file}.${process.pid}.tmp`
  makePrivateDirectories(home, dirname(file))
  try {
    writePrivateFile(temporary, text)
    const stamp = stampOf(temporary)
    renameSync(temporary, file)
    return stamp
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}
