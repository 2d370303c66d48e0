import { statSync } from 'node:fs'

/** Tells one content of a file from another without reading it; undefined where there is none. */
export function stampOf(file: string): string | undefined {
  try {
    const stat = statSync(file, { throwIfNoEntry: false })
    return stat && `${stat.ino} ${stat.mtimeMs}`
  } catch {
    return undefined
  }
}
