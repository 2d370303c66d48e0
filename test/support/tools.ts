import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/**
 * Whether tests that need this program of the system are skipped, and a title that says so.
 * On CI nothing is skipped: there they fail where it is missing.
 */
export function needs(title: string, tool: string): { title: string; skip: boolean; file: string } {
  const file = findOnPath(tool)
  const skip = !file && !process.env.CI
  return { title: skip ? `${title} (skipped: ${tool} is not installed)` : title, skip, file: file ?? tool }
}

function findOnPath(tool: string): string | undefined {
  const files = (process.env.PATH ?? '').split(path.delimiter).map((directory) => path.join(directory, tool))
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
