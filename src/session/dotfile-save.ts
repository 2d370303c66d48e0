import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import { commandLineOf, type ProfileLocation } from '../settings/environment.ts'
import { removeQuietly, syncDirectory, writeSynced, writeWhole } from '../system/durable.ts'
import { mayBeInUse, whenNotInUse } from '../system/in-use.ts'
import { type Credential, identityOf } from './credential.ts'
import { parseCredential, serializeCredential } from './credential-text.ts'
import { dotfilePath, readLogin, readOwnFile, storageError } from './dotfile.ts'
import {
  asideOf,
  filesOf,
  isOutOfReach,
  keepElsewhere,
  listAside,
  listDrafts,
  newDraft,
  removeDrafts,
  targetOf,
} from './dotfile-drafts.ts'
import { fingerprintOf } from './fingerprint.ts'
import { isMarkedSuperseded, markSuperseded } from './superseded.ts'

// Everything here runs under the lock of the profile, so the directory is there.

/** Where a login is kept that is not in its place, and why it is not. */
export interface Kept {
  file: string
  error?: unknown
}

/** A save that has been proven to succeed: `keep` and then `replace`, or `abandon`. */
export interface DotfileSave {
  draft: string
  /** Writes the login into the draft; where that fails, outside the home. Throws `storage` when no place has it. */
  keep(credential: Credential): Kept
  /** Puts the draft in its place; returns where the login is kept when that fails, or may not last. */
  replace(): Kept | undefined
  abandon(): void
}

/**
 * Proves that a save will succeed by saving: the dotfile is replaced by its own content, and the room for the login to
 * come is taken. A new login replaces the stored one even where that is refreshed meanwhile.
 * Throws `storage`, with nothing changed, when it will not.
 */
export function prepareSave(place: ProfileLocation, isNewLogin = false): DotfileSave {
  const target = targetOf(place)
  const before = bytesOf(target)
  const stored = loginIn(before)
  const replaces = fingerprintOf(isNewLogin && stored ? identityOf(stored) : stored?.refreshToken)
  const draft = newDraft(target, replaces)
  const fd = saving(place, () => {
    const wasMarked = isMarkedSuperseded(place)
    if (before) replaceBy(target, replaces, before)
    else tryDirectory(target, replaces)
    if (wasMarked) markSuperseded(place)
    const reserved = writeSynced(draft, Buffer.alloc(reservedBytes + (before?.length ?? 0), ' '))
    try {
      syncDirectory(dirname(target))
      return reserved
    } catch (error) {
      closeSync(reserved)
      removeQuietly(draft)
      throw error
    }
  })
  let bytes: Buffer
  return {
    draft,
    keep(credential) {
      bytes = Buffer.from(serializeCredential(credential))
      // From here on a kill leaves a login that nobody would look for while the token of the one before is good.
      if (stored && identityOf(stored) !== identityOf(credential)) markSuperseded(place)
      try {
        closing(fd, () => {
          writeWhole(fd, bytes)
          ftruncateSync(fd, bytes.length)
          fsyncSync(fd)
        })
        if (!readLogin(draft)) throw new TypeError('it has been deleted')
        return { file: draft }
      } catch (error) {
        const elsewhere = keepElsewhere(place, replaces, bytes)
        // What could not be flushed may be whole all the same.
        if (elsewhere === undefined && holds(draft, credential)) return { file: draft, error }
        removeQuietly(draft)
        return { file: elsewhere ?? failToKeep(place, error), error }
      }
    },
    replace() {
      try {
        whenNotInUse(() => renameSync(draft, target))
        syncDirectory(dirname(target))
      } catch (error) {
        if (existsSync(draft)) return { file: draft, error }
        // It was renamed, but a crash may undo that.
        return { file: keepElsewhere(place, replaces, bytes) ?? target, error }
      }
    },
    abandon() {
      closeSync(fd)
      removeQuietly(draft)
    },
  }
}

/** Keeps a login whose save could not even be begun, and says where. Throws `storage` when no place takes it. */
export function keepUnsaved(
  place: ProfileLocation,
  credential: Credential,
  error: unknown,
): SpotifyAuthError {
  const stored = loginIn(bytesOf(targetOf(place)))
  const replaces = fingerprintOf(stored && identityOf(stored))
  const file = keepElsewhere(place, replaces, Buffer.from(serializeCredential(credential)))
  return keptElsewhere(place, { file: file ?? failToKeep(place, error), error })
}

/**
 * Says where a login is kept that is not in its place, and has the next command look there, unless the stored one has
 * the same refresh token: that is as good, wherever the other one gets lost.
 */
export function keptElsewhere(place: ProfileLocation, { file, error }: Kept): KeptElsewhere {
  const target = targetOf(place)
  if (file === target) {
    return new KeptElsewhere(place, error, 'It is in its place; a crash may undo that.')
  }
  const isSame = loginIn(bytesOf(file))?.refreshToken === loginIn(bytesOf(target))?.refreshToken
  const successor = !isSame && markSuperseded(place) ? 'the next command' : 'the next refresh'
  return new KeptElsewhere(place, error, `The login is kept in ${file}; ${successor} takes it over.`)
}

/** What the next holder of the lock does with a login that is kept: saves it. Throws `storage` when it cannot be. */
export function saveKept(place: ProfileLocation, credential: Credential): void {
  const target = targetOf(place)
  const bytes = Buffer.from(serializeCredential(credential))
  saving(place, () => {
    replaceBy(target, fingerprintOf(loginIn(bytesOf(target))?.refreshToken), bytes)
    syncDirectory(dirname(target))
  })
}

/**
 * Forgets the profile's tokens, wherever they are; says whether there were any, and where one may be that cannot be
 * reached from here. A damaged dotfile may still hold some, so it is removed as well; what may be something else is left
 * alone: what is no file, somebody else's, or behind a link.
 */
export function removeLogin(place: ProfileLocation): { wasThere: boolean; outOfReach: string | undefined } {
  const target = targetOf(place)
  const drafts = listDrafts(place)
  const outOfReach = drafts.find(isOutOfReach)?.file
  const traces = [...drafts.flatMap(filesOf), ...listAside(target)]
  try {
    for (const file of traces) rmSync(file, { force: true })
    removeDrafts(place, drafts)
    const found = lstatSync(target, { throwIfNoEntry: false })
    const isOurs = found?.isFile() && found.uid === (process.getuid?.() ?? found.uid)
    if (!isOurs || target !== dotfilePath(place)) readLogin(dotfilePath(place))
    const files = found ? [...traces, target] : traces
    if (files.includes(target)) whenNotInUse(() => unlinkSync(target))
    for (const directory of new Set(files.map((file) => dirname(file)))) {
      if (existsSync(directory)) syncDirectory(directory)
    }
    return { wasThere: files.length > 0, outOfReach }
  } catch (error) {
    if (error instanceof SpotifyAuthError) throw error
    const hint = 'Mend the permissions, then log out again.'
    throw storageError(`${dotfilePath(place)} could not be removed`, error, hint)
  }
}

/** Throws where what is not a login of this program is behind a link: that is a file of the user's, and stays. */
export function requireMovable(place: ProfileLocation): void {
  const target = targetOf(place)
  if (target === dotfilePath(place)) return
  throw new SpotifyAuthError('storage', `${dotfilePath(place)} leads to ${target}, which is not a login.`, {
    hint: `Remove that link, then run: ${commandLineOf(place.profile, 'login')}`,
  })
}

/** Moves a file aside that is not a login of this program; returns its new name. */
export function moveAside(place: ProfileLocation): string {
  requireMovable(place)
  const target = targetOf(place)
  const aside = asideOf(target)
  try {
    whenNotInUse(() => renameSync(target, aside))
    return aside
  } catch (error) {
    throw storageError(`${target} could not be moved aside`, error)
  }
}

/** More than a login takes beyond the one before it: a response of the token endpoint has a few hundred bytes. */
const reservedBytes = 4096

/** The content of what a save replaces, a login or not; undefined where it is nothing that can be read. */
function bytesOf(target: string): Buffer | undefined {
  try {
    return readOwnFile(target).bytes
  } catch {
    return undefined
  }
}

/** The login in what is read; undefined if it is not a login. */
function loginIn(bytes: Buffer | undefined): Credential | undefined {
  try {
    return parseCredential(String(bytes))
  } catch {
    return undefined
  }
}

function replaceBy(target: string, replaces: string, bytes: Buffer): void {
  const draft = newDraft(target, replaces)
  try {
    closeSync(writeSynced(draft, bytes))
    if (!readFileSync(draft).equals(bytes)) throw new TypeError('what was written is not what is read')
    whenNotInUse(() => renameSync(draft, target))
  } catch (error) {
    removeQuietly(draft)
    throw error
  }
}

/** As much of a save as can be tried where there is no file yet. */
function tryDirectory(target: string, replaces: string): void {
  const probe = newDraft(target, replaces)
  replaceBy(probe, replaces, Buffer.from(' '))
  unlinkSync(probe)
}

/** Whether a draft has the login, as far as can be read. */
function holds(draft: string, { accessToken, refreshToken }: Credential): boolean {
  try {
    const read = readLogin(draft)
    return read?.accessToken === accessToken && read.refreshToken === refreshToken
  } catch {
    return false
  }
}

function failToKeep(place: ProfileLocation, error: unknown): never {
  const { code, message } = unsaved(place, error)
  const hint = 'No other place takes it. Where Spotify has replaced the refresh token, log in again.'
  throw new SpotifyAuthError(code, message, { hint, cause: error })
}

/** What has failed: a step that says so itself, or a call of the system. */
function unsaved(place: ProfileLocation, error: unknown): SpotifyAuthError {
  return error instanceof SpotifyAuthError ? error : storageError(notSaved(place), error)
}

function saving<T>(place: ProfileLocation, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw storageError(notSaved(place), error, hintOf(place, error))
  }
}

/** What helps where it is neither room nor permission that is missing. */
function hintOf(place: ProfileLocation, error: unknown): string | undefined {
  if (mayBeInUse(error)) {
    return 'Nothing was changed. Close the file where another program has it open, or mend the permissions, then try again.'
  }
  if (systemCode(error) !== 'EBUSY') return undefined
  const directory = dirname(dotfilePath(place))
  return `Nothing was changed. A file that is mounted by itself cannot be replaced: mount its directory, ${directory}.`
}

/** What happened, as a sentence without its full stop. */
function notSaved(place: ProfileLocation): string {
  return `The login could not be saved in ${dotfilePath(place)}`
}

/** A login is not in its place; says where it is. */
export class KeptElsewhere extends SpotifyAuthError {
  constructor(place: ProfileLocation, error: unknown, hint: string) {
    const { code, message } = unsaved(place, error)
    super(code, message, { hint, cause: error })
  }
}

function closing(fd: number, work: () => void): void {
  try {
    work()
  } finally {
    closeSync(fd)
  }
}
