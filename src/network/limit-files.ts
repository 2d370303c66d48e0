import { removeQuietly } from '../system/durable.ts'
import { replaceFile } from '../system/replace-file.ts'
import type { Limit } from './limit-memory.ts'

/** Writes a limit down; where that fails every command finds out for itself. */
export function writeLimit(home: string, file: string, { setAtMs, forMs }: Limit): void {
  try {
    replaceFile(home, file, JSON.stringify({ set_at_ms: setAtMs, for_ms: forMs }))
  } catch {}
}

/** Forgets a limit; one that cannot be removed ends by itself. */
export const removeLimit = removeQuietly
