import type { ProfileLocation } from '../settings/environment.ts'
import type { Output } from '../terminal/output.ts'
import { readDotfile } from './dotfile.ts'
import { mayBeKept } from './may-be-kept.ts'
import type { LoginStorage } from './storage.ts'

/** Keeps a login in the dotfile of its profile, and says on `stderr` that it has tightened a loose mode. */
export function dotfileStorage(place: ProfileLocation, stderr: Output): LoginStorage {
  return {
    async read() {
      const credential = readDotfile(place, stderr)
      if (credential || !mayBeKept(place)) return credential
      const { readKept } = await import('./dotfile-lock.ts')
      return readKept(place, stderr)
    },
    async lock(work, waitMs) {
      // Most commands only read.
      const { lockDotfile } = await import('./dotfile-lock.ts')
      return lockDotfile(place, stderr, work, waitMs)
    },
  }
}
