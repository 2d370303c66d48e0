import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
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
      install: (directory) => unpackNode('linux-x64', String(major), directory),
    }
  })

const cache = fileURLToPath(new URL('../../node_modules/.cache/nodes/', import.meta.url))

/** Fetches a Node for some other machine from the registry, where that has not been done before; returns its program. */
export async function fetchNode(machine: string, version: string): Promise<string> {
  const directory = path.join(cache, `${machine}@${version}`)
  if (!existsSync(directory)) {
    mkdirSync(cache, { recursive: true })
    const draft = mkdtempSync(`${directory}.`)
    await unpackNode(machine, version, draft)
    try {
      renameSync(draft, directory)
    } catch {
      // Another worker has been quicker.
      rmSync(draft, { recursive: true })
    }
  }
  return path.join(directory, programOf(machine))
}

/** Half the work of an installation, which writes all its headers and pages of manuals, too. */
async function unpackNode(machine: string, version: string, directory: string): Promise<string> {
  const { stdout } = await npm(['pack', '--prefer-offline', `node-${machine}@${version}`], directory)
  const tarball = stdout.trim().split('\n').at(-1) ?? ''
  const program = programOf(machine)
  await promisify(execFile)('tar', ['-xzf', tarball, program], { cwd: directory })
  rmSync(path.join(directory, tarball))
  return path.join(directory, program)
}

function programOf(machine: string): string {
  return `package/bin/${machine.startsWith('win') ? 'node.exe' : 'node'}`
}
