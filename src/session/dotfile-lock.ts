import { existsSync, fstatSync, ftruncateSync, futimesSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Interrupted, SpotifyAuthError, systemCode } from '../errors.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { type FileLock, withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { holdSignals } from '../system/signals.ts'
import type { Output } from '../terminal/output.ts'
import type { Credential } from './credential.ts'
import { dotfilePath, lockFile, storageError } from './dotfile.ts'
import { listDrafts } from './dotfile-drafts.ts'
import { readTakingOver } from './dotfile-kept.ts'
import { keptElsewhere, prepareSave } from './dotfile-save.ts'
import type { Journal, LockedLogin } from './storage.ts'

export interface LockedDotfile extends LockedLogin {
  read(): Credential | undefined
  /** As that of any login; `isNewLogin` where what is to be saved is no refresh of the one that is stored. */
  prepareSave(
    onKept?: Parameters<LockedLogin['prepareSave']>[0],
    isNewLogin?: boolean,
  ): ReturnType<LockedLogin['prepareSave']>
}

/** The lock file was deleted or replaced, so another process may hold a lock on the new one. */
class LockLost extends Error {}

/**
 * Does the work while this process alone may change the profile's dotfile; signals wait for its end. Where the lock is
 * lost before anything was asked, the work begins anew.
 * Throws `busy` when the lock is not free within `waitMs` (12 s), and `storage` when it cannot be had at all.
 * Waiting for it ends with the reason of `signal`.
 */
export async function lockDotfile<T>(
  place: ProfileLocation,
  stderr: Output,
  work: (login: LockedDotfile) => Promise<T>,
  waitMs?: number,
  signal?: AbortSignal,
): Promise<T> {
  const file = lockFile(place)
  let isLocked = false
  try {
    makePrivateDirectories(place.home, dirname(file))
    return await withFileLock(
      place.home,
      file,
      (lock) => {
        isLocked = true
        const now = new Date()
        futimesSync(lock.fd, now, now)
        return holdSignals(() => work(openLogin(place, stderr, lock)))
      },
      waitMs,
      signal,
    )
  } catch (error) {
    if (error instanceof LockLost) return lockDotfile(place, stderr, work, waitMs, signal)
    if (isLocked || systemCode(error) === undefined) throw error
    throw storageError(`Nothing can be saved in ${dirname(file)}`, error)
  }
}

function openLogin(place: ProfileLocation, stderr: Output, lock: FileLock): LockedDotfile {
  const journal = openJournal(lock)
  let draft: string | undefined
  return {
    journal,
    read() {
      const { credential, wasTakenOver } = readTakingOver(place, stderr, draft)
      if (wasTakenOver) journal.close()
      return credential
    },
    prepareSave(onKept = ({ message, hint }) => stderr.write(`${message}\n${hint}\n`), isNewLogin) {
      const { keep, replace, abandon, ...save } = whileHeld(lock, () => prepareSave(place, isNewLogin))
      draft = save.draft
      return {
        async commit(credential) {
          const kept = keep(credential)
          if (lock.isHeld()) {
            const problem = kept.error === undefined ? replace() : kept
            if (problem) onKept(keptElsewhere(place, problem))
            return
          }
          // What is kept takes the place of the login that it was kept for, if that is still the one that is stored.
          let stored: Credential | undefined
          try {
            stored = await lockDotfile(place, stderr, async (login) => login.read())
          } catch (error) {
            if (error instanceof Interrupted) throw error
            return onKept(keptElsewhere(place, { error, ...kept }))
          }
          if (stored?.accessToken !== credential.accessToken) onKept(replaced())
        },
        abandon,
      }
    },
  }
}

/** Does the work; a failure becomes `LockLost` where the lock is lost, because its new holder may have caused it. */
function whileHeld<T>({ isHeld }: FileLock, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isHeld() ? error : new LockLost()
  }
}

/** The login of a profile whose dotfile has none to give, or one that is superseded: one that could not be put in its place. */
export async function readKept(place: ProfileLocation, stderr: Output): Promise<Credential | undefined> {
  const isWorthIt = listDrafts(place).length > 0 || existsSync(dotfilePath(place))
  return isWorthIt ? lockDotfile(place, stderr, async (login) => login.read()) : undefined
}

/** The journal is the content of the lock file: empty, or one line and more while a refresh is under way. */
function openJournal({ fd, isHeld }: FileLock): Journal {
  let wasOpen = fstatSync(fd).size > 0
  return {
    get wasOpen() {
      return wasOpen
    },
    open() {
      if (!isHeld()) throw new LockLost()
      try {
        writeSync(fd, 'refreshing\n')
      } catch (error) {
        throw storageError('Nothing can be saved', error)
      }
    },
    close() {
      ftruncateSync(fd, 0)
      wasOpen = false
    },
  }
}

function replaced(): SpotifyAuthError {
  return new SpotifyAuthError('storage', 'The login was removed or replaced while it was being refreshed.', {
    hint: 'The token that Spotify gave for it was not saved.',
  })
}
