import { closeSync, fstatSync, ftruncateSync, futimesSync, openSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SpotifyAuthError } from '../errors.ts'
import { makePrivateDirectories } from '../private-directory.ts'
import { holdSignals } from '../signals.ts'
import { credentialFile, type Place, storageError } from './credential-store.ts'

/** Longer than one refresh can take, so that whoever waits sees the end of it. */
const patienceMs = 12_000

/**
 * What the lock file tells of a refresh token that may have been spent without its answer being saved: the process
 * was killed, or the answer got lost.
 */
export interface Journal {
  /** Whether an earlier refresh was left so. */
  wasOpen: boolean
  open(): void
  close(): void
}

/**
 * Does the work while this process alone may change the profile's credential; signals wait for its end.
 * The kernel holds the lock and lets go of it when its holder ends, however it ends.
 * Throws `busy` when the lock is not free within `waitMs`, and `storage` when it cannot be had at all.
 */
export async function withLock<T>(
  place: Place,
  work: (journal: Journal) => Promise<T>,
  waitMs = patienceMs,
): Promise<T> {
  const file = lockFile(place)
  try {
    makePrivateDirectories(place.home, dirname(file))
  } catch (error) {
    throw storageError(`Nothing can be saved in ${dirname(file)}`, error)
  }
  return withFileLock(
    file,
    (fd) => {
      const now = new Date()
      futimesSync(fd, now, now)
      return holdSignals(() => work(openJournal(fd)))
    },
    waitMs,
  )
}

/** The same on any file, in a directory that is there; signals are not held. */
export async function withFileLock<T>(
  file: string,
  work: (fd: number) => Promise<T>,
  waitMs = patienceMs,
): Promise<T> {
  const { tryLock } = await loadLocks()
  const fd = openLockFile(file)
  try {
    const endMs = performance.now() + waitMs
    while (!tryLock(fd)) {
      if (performance.now() >= endMs) throw busy()
      await sleep(10 + Math.random() * 30)
    }
    return await work(fd)
  } finally {
    closeSync(fd)
  }
}

function openJournal(fd: number): Journal {
  return {
    wasOpen: fstatSync(fd).size > 0,
    open: () => void writeSync(fd, 'refreshing\n'),
    close: () => ftruncateSync(fd, 0),
  }
}

/** When the lock was last taken; 0 if never. */
export function lastLockedAtMs(place: Place): number {
  return statSync(lockFile(place), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function lockFile(place: Place): string {
  return credentialFile(place).replace(/json$/, 'lock')
}

// A lock made of files and their age lets two holders in after a crash, or must be deleted by hand. So where the
// kernel's cannot be reached nothing is renewed, and the user is told.
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

function openLockFile(file: string): number {
  try {
    return openSync(file, 'a', 0o600)
  } catch (error) {
    throw storageError(`Nothing can be saved in ${dirname(file)}`, error)
  }
}

function busy(): SpotifyAuthError {
  return new SpotifyAuthError('busy', 'Another spotify-auth has been changing this login for a while.', {
    hint: 'Try again; if it stays so, look for one that is stopped: pgrep -af spotify-auth',
  })
}
