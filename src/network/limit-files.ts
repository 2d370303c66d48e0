import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateDirectories } from '../system/private-directory.ts'
import type { Limit } from './limit-memory.ts'

/** Writes a limit down as a whole; where that fails every command finds out for itself. */
export function writeLimit(home: string, file: string, { setAtMs, forMs }: Limit): void {
  const temporary = `${file}.tmp`
  try {
    makePrivateDirectories(home, dirname(file))
    const text = JSON.stringify({ set_at_ms: setAtMs, for_ms: forMs })
    writeFileSync(temporary, text, { mode: 0o600 })
    chmodSync(temporary, 0o600)
    renameSync(temporary, file)
  } catch {}
}

/** Forgets a limit; one that cannot be removed ends by itself. */
export function removeLimit(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}
