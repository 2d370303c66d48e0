import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type KernelLock, lockOfDescriptor } from './kernel-lock.ts'

/**
 * The lock of the program `flock` (of util-linux or BusyBox), which gets our open file as a descriptor of its
 * own: the lock belongs to what both have open, and stays when the program has ended. Undefined where there is none.
 */
export async function load(): Promise<KernelLock | undefined> {
  const program = findOnPath('flock')
  if (program === undefined) return undefined
  return {
    async tryLock(_, fd) {
      const child = spawn(program, ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'pipe', fd] })
      const complains = child.stderr ? text(child.stderr) : ''
      const [[code, signal], complaint] = await Promise.all([once(child, 'close'), complains])
      if (code === 0) return lockOfDescriptor
      // Ctrl-C ends it together with us: whether we go on is not decided here.
      if (signal || (code === 1 && complaint === '')) return undefined
      throw new Error(complaint.trim() || `flock exits with ${code}`)
    },
  }
}

function findOnPath(name: string): string | undefined {
  const directories = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  return directories
    .map((directory) => join(directory, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
