import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/**
 * Whether tests that need this program (or file) of the system are skipped, and a title that says so.
 * On CI nothing is skipped: there they fail where it is missing. They are written for Linux; elsewhere programs of the
 * same name differ.
 */
export function needs(title: string, tool: string): { title: string; skip: boolean; file: string } {
  const file = process.platform === 'linux' ? findOnPath(tool) : undefined
  const skip = !file && !process.env.CI
  return { title: skip ? `${title} (skipped: ${tool} is missing)` : title, skip, file: file ?? tool }
}

function findOnPath(tool: string): string | undefined {
  const directories = path.isAbsolute(tool) ? [''] : (process.env.PATH ?? '').split(path.delimiter)
  const files = directories.map((directory) => path.join(directory, tool))
  return files.find((file) => {
    try {
      accessSync(file, path.isAbsolute(tool) ? constants.R_OK : constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
