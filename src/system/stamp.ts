import { fstatSync, statSync } from 'node:fs'

/** Tells one state of a file, which may be open, from another without reading it; undefined where there is none. */
export function stampOf(file: string | number): string | undefined {
  try {
    const stat = typeof file === 'number' ? fstatSync(file) : statSync(file, { throwIfNoEntry: false })
    // The size, because a file that is emptied within four milliseconds of its last change may keep its time; the mode,
    // because a login that others may read is to be noticed.
    return stat && `${stat.ino} ${stat.mtimeMs} ${stat.size} ${stat.mode}`
  } catch {
    return undefined
  }
}
