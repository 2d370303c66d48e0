import { closeSync, fstatSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import { openPrivateFile } from './private-file.ts'

/** Longer than one refresh can take, so that whoever waits sees the end of it. */
const patienceMs = 12_000

/** A lock on a file that this process holds. */
export interface FileLock {
  fd: number
  /** Whether the locked file is still the one of that name: where it was deleted or replaced, others lock another one. */
  isHeld(): boolean
}

/**
 * Does the work while this process alone holds the lock on a file, which is made where it is missing; its directory
 * must be there. The kernel holds the lock and releases it when its holder ends, however it ends.
 * Throws `busy` when it is not free within `waitMs`, `storage` where the system or the disk has no such locks, and the
 * system's own error when the file cannot be opened. Waiting ends with the reason of `signal`.
 */
export async function withFileLock<T>(
  file: string,
  work: (lock: FileLock) => Promise<T>,
  waitMs = patienceMs,
  signal?: AbortSignal,
): Promise<T> {
  const { tryLock } = await loadLocks()
  const endMs = performance.now() + waitMs
  for (;;) {
    // Opened again each time, because the file that was waited for may have been replaced.
    const fd = openPrivateFile(file, 'a')
    try {
      const isHeld = () => isNamed(fd, file)
      if (take(tryLock, fd, file) && isHeld()) return await work({ fd, isHeld })
    } finally {
      closeSync(fd)
    }
    signal?.throwIfAborted()
    if (performance.now() >= endMs) throw busy()
    await sleep(10 + Math.random() * 30)
  }
}

function isNamed(fd: number, file: string): boolean {
  const { dev, ino } = fstatSync(fd)
  const named = statSync(file, { throwIfNoEntry: false })
  return named?.ino === ino && named.dev === dev
}

function take(tryLock: (fd: number) => boolean, fd: number, file: string): boolean {
  try {
    return tryLock(fd)
  } catch (cause) {
    const directory = dirname(file)
    throw new SpotifyAuthError('storage', `Files in ${directory} cannot be locked (${systemCode(cause)}).`, {
      hint: 'A network disk may have no locks. Set SPOTIFY_AUTH_HOME to a directory on a disk of this computer, and log in there.',
      cause,
    })
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
