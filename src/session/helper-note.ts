import { closeSync, fsyncSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemCode } from '../errors.ts'
import { isHelper, type ProfileLocation } from '../settings/environment.ts'
import { removeQuietly, syncDirectory } from '../system/durable.ts'
import { whenNotInUse } from '../system/in-use.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { openPrivateFile } from '../system/private-file.ts'
import { dotfilePath, storageError } from './dotfile.ts'

// A file beside the dotfile names the helpers that may have something of the profile. It is written before they are
// given it, and outlives a kill, a logout and a move, so that nothing is forgotten there. Runs under the profile's lock.

/** The helpers that may have something of the profile. */
export function notedHelpers(place: ProfileLocation): string[] {
  try {
    return [...new Set(readFileSync(noteFile(place), 'utf8').split('\n').filter(isHelper))]
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw storageError(`${noteFile(place)} cannot be read`, error)
  }
}

/** Notes, before it is given anything, that the helper may have something. Throws `storage`. */
export function noteHelper(place: ProfileLocation, helper: string): void {
  if (notedHelpers(place).includes(helper)) return
  write(place, (file) => putSynced(file, 'a', `${helper}\n`))
}

/** Notes that the helper has nothing any more. */
export function removeFromNote(place: ProfileLocation, helper: string): void {
  const left = notedHelpers(place).filter((each) => each !== helper)
  if (left.length === 0) removeQuietly(noteFile(place))
  else write(place, (file) => replaceSynced(file, left.map((each) => `${each}\n`).join('')))
}

function write(place: ProfileLocation, change: (file: string) => void): void {
  const file = noteFile(place)
  try {
    makePrivateDirectories(dirname(file))
    change(file)
    syncDirectory(dirname(file))
  } catch (error) {
    throw storageError(`${file} cannot be written`, error)
  }
}

/** A kill on the way leaves the file as it was. */
function replaceSynced(file: string, text: string): void {
  const draft = `${file}.new`
  putSynced(draft, 'w', text)
  whenNotInUse(() => renameSync(draft, file))
}

function putSynced(file: string, how: 'a' | 'w', text: string): void {
  const fd = openPrivateFile(file, how)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function noteFile(place: ProfileLocation): string {
  return dotfilePath(place).replace(/json$/, 'helpers')
}
