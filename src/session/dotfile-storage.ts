import type { ProfileLocation } from '../settings/environment.ts'
import { stampOf } from '../system/stamp.ts'
import type { Output } from '../terminal/output.ts'
import type { Credential } from './credential.ts'
import { dotfilePath, readDotfile } from './dotfile.ts'
import { mayBeKept } from './may-be-kept.ts'
import type { LoginStorage } from './storage.ts'

/** Keeps a login in the dotfile of its profile, and says on `stderr` that it has tightened a loose mode. */
export function dotfileStorage(place: ProfileLocation, stderr: Output): LoginStorage {
  let lastStamp: string | undefined
  let last: Credential | undefined
  // A command looks at its login several times, and a watch at each poll.
  const readIfChanged = () => {
    const stamp = stampOf(dotfilePath(place))
    if (!stamp || stamp !== lastStamp) {
      last = readDotfile(place, stderr)
      lastStamp = stamp
    }
    return last
  }
  return {
    async read() {
      const credential = readIfChanged()
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
