import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { withFileLock } from '../../src/system/file-lock.ts'
import type { Sandbox } from './sandbox.ts'

/** Takes the lock on a file of a home, as a process does that is then stopped; the function that it returns lets go. */
export async function holdLock({ home }: Pick<Sandbox, 'home'>, file: string): Promise<() => void> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  return new Promise((locked, reject) => {
    withFileLock(home, file, () => new Promise<void>((letGo) => locked(letGo))).catch(reject)
  })
}
