import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SpotifyAuthError } from '../errors.ts'

/** Longer than one refresh can take, so that whoever waits sees the end of it. */
const patienceMs = 12_000

/**
 * Does the work while this process alone holds the lock on a file, which is made where it is missing; its directory
 * must be there. The kernel holds the lock and releases it when its holder ends, however it ends.
 * Throws `busy` when it is not free within `waitMs`, `storage` where the system has no such locks, and the system's
 * own error when the file cannot be opened. Waiting ends with the reason of `signal`.
 */
export async function withFileLock<T>(
  file: string,
  work: (fd: number) => Promise<T>,
  waitMs = patienceMs,
  signal?: AbortSignal,
): Promise<T> {
  const { tryLock } = await loadLocks()
  const fd = openSync(file, 'a', 0o600)
  try {
    const endMs = performance.now() + waitMs
    while (!tryLock(fd)) {
      signal?.throwIfAborted()
      if (performance.now() >= endMs) throw busy()
      await sleep(10 + Math.random() * 30)
    }
    return await work(fd)
  } finally {
    closeSync(fd)
  }
}

// A lock made of files and their age lets two holders in after a crash, or must be deleted by hand. So where the
// kernel's cannot be reached nothing is refreshed, and the user is told.
async function loadLocks() {
  try {
    return await import('fs-native-extensions')
  } catch (cause) {
    const machine = `${process.platform}-${process.arch}`
    throw new SpotifyAuthError('storage', `File locks are not available on this computer (${machine}).`, {
      hint: 'Install again (npm install --global spotify-auth-cli); where that does not help, fs-native-extensions has no build for it.',
      cause,
    })
  }
}

function busy(): SpotifyAuthError {
  return new SpotifyAuthError('busy', 'Another spotify-auth has been changing this login for a while.', {
    hint: 'Try again; if it stays so, look for one that is stopped: pgrep -af spotify-auth',
  })
}
