import { fstatSync, ftruncateSync, futimesSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemCode } from '../errors.ts'
import type { Place } from '../settings/environment.ts'
import { withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { holdSignals } from '../system/signals.ts'
import type { Output } from '../terminal/output.ts'
import { lockFile, readDotfile, storageError } from './dotfile.ts'
import { prepareSave } from './dotfile-save.ts'
import type { Journal, LockedLogin } from './storage.ts'

/**
 * Does the work while this process alone may change the profile's dotfile; signals wait for its end.
 * Throws `busy` when the lock is not free within `waitMs` (12 s), and `storage` when it cannot be had at all.
 * Waiting for it ends with the reason of `signal`.
 */
export async function lockDotfile<T>(
  place: Place,
  stderr: Output,
  work: (login: LockedLogin) => Promise<T>,
  waitMs?: number,
  signal?: AbortSignal,
): Promise<T> {
  const file = lockFile(place)
  try {
    makePrivateDirectories(place.home, dirname(file))
  } catch (error) {
    throw storageError(`Nothing can be saved in ${dirname(file)}`, error)
  }
  let isLocked = false
  try {
    return await withFileLock(
      file,
      (fd) => {
        isLocked = true
        const now = new Date()
        futimesSync(fd, now, now)
        const login: LockedLogin = {
          read: () => readDotfile(place, stderr),
          prepareSave: () => prepareSave(place),
          journal: openJournal(fd),
        }
        return holdSignals(() => work(login))
      },
      waitMs,
      signal,
    )
  } catch (error) {
    if (isLocked || systemCode(error) === undefined) throw error
    throw storageError(`Nothing can be saved in ${dirname(file)}`, error)
  }
}

/** The journal is the content of the lock file: empty, or a line while a refresh is under way. */
function openJournal(fd: number): Journal {
  return {
    wasOpen: fstatSync(fd).size > 0,
    open() {
      try {
        writeSync(fd, 'refreshing\n')
      } catch (error) {
        throw storageError('Nothing can be saved', error)
      }
    },
    close: () => ftruncateSync(fd, 0),
  }
}
