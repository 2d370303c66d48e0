import { renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { writePrivateFile } from '../system/private-file.ts'
import type { Limit } from './limit-memory.ts'

/** Writes a limit down as a whole; where that fails every command finds out for itself. */
export function writeLimit(home: string, file: string, { setAtMs, forMs }: Limit): void {
  const temporary = `${file}.tmp`
  try {
    makePrivateDirectories(home, dirname(file))
    writePrivateFile(temporary, JSON.stringify({ set_at_ms: setAtMs, for_ms: forMs }))
    renameSync(temporary, file)
  } catch {}
}

/** Forgets a limit; one that cannot be removed ends by itself. */
export function removeLimit(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}
