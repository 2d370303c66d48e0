import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Place } from '../settings/environment.ts'
import { serializeCredential } from './credential-text.ts'
import { dotfilePath, storageError, temporaryFile } from './dotfile.ts'
import type { PreparedSave } from './storage.ts'

// Everything here runs under the lock of the profile, so the directory is there and the temporary file can have one name.

/**
 * Proves that a save will succeed, by writing and syncing as much as it will need.
 * Throws `storage`, and leaves no trace, when it will not.
 */
export function prepareSave(place: Place): PreparedSave {
  const file = dotfilePath(place)
  const temporary = temporaryFile(file)
  const saving = <T>(step: () => T): T => {
    try {
      return step()
    } catch (error) {
      removeQuietly(temporary)
      throw storageError(`The login could not be saved in ${file}`, error)
    }
  }
  const fd = saving(() => {
    rmSync(temporary, { force: true })
    return openReserved(temporary)
  })
  return {
    commit(credential) {
      saving(() => {
        closing(fd, () => {
          const text = Buffer.from(serializeCredential(credential))
          writeWhole(fd, text)
          ftruncateSync(fd, text.length)
          fsyncSync(fd)
        })
        renameSync(temporary, file)
        syncDirectory(dirname(file))
      })
    },
    abandon() {
      closeSync(fd)
      removeQuietly(temporary)
    },
  }
}

/** Forgets the profile's tokens; says whether there were any. */
export function removeDotfile(place: Place): boolean {
  const file = dotfilePath(place)
  const files = [file, temporaryFile(file)].filter((each) => existsSync(each))
  try {
    for (const each of files) unlinkSync(each)
    if (files.length > 0) syncDirectory(dirname(file))
  } catch (error) {
    throw storageError(`${file} could not be removed`, error)
  }
  return files.length > 0
}

/** Moves a file aside that is not a login of this program; returns its new name. */
export function moveAside(place: Place): string {
  const file = dotfilePath(place)
  const aside = `${file}.${Date.now()}.bad`
  try {
    renameSync(file, aside)
    return aside
  } catch (error) {
    throw storageError(`${file} could not be moved aside`, error)
  }
}

/** What is in the way of a save is reported by the save itself. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}

/** More than any login takes: a response of the token endpoint has a few hundred bytes. */
const reservedBytes = 4096

function openReserved(file: string): number {
  const fd = openSync(file, 'wx', 0o600)
  try {
    fchmodSync(fd, 0o600)
    writeWhole(fd, Buffer.alloc(reservedBytes, ' '))
    fsyncSync(fd)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Writes from the start of the file; a disk that is nearly full takes a part without an error, until it is asked again. */
function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written, written)
  }
}

function closing(fd: number, work: () => void): void {
  try {
    work()
  } finally {
    closeSync(fd)
  }
}

/** Makes a rename or removal itself durable; Windows has no such call and needs none. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(directory, 'r')
  closing(fd, () => fsyncSync(fd))
}
