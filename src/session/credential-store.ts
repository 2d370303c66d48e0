import fs from 'node:fs'
import path from 'node:path'
import type { Context } from '../context.ts'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import { makePrivateDirectory } from '../private-directory.ts'
import { type Credential, parseCredential, serializeCredential } from './credential.ts'

type Place = Pick<Context, 'home' | 'profile'>

/** Where the profile's tokens are kept. */
export function credentialFile({ home, profile }: Place): string {
  return path.join(home, 'credentials', `${profile}.json`)
}

/** Reads the profile's credential; undefined when there is none. Throws `storage` for a file that is not one. */
export function readCredential(place: Place): Credential | undefined {
  const file = credentialFile(place)
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw storageError(
      `The login in ${file} cannot be read`,
      error,
      'Make it a file that you can read, then try again.',
    )
  }
  try {
    return parseCredential(text)
  } catch (error) {
    // A syntax error's message quotes the text, which may hold a token.
    const reason = error instanceof TypeError ? error.message : 'it is not JSON'
    throw new SpotifyAuthError('storage', `${file} is not a login of this program: ${reason}.`, {
      hint: 'It was left as it is; `spotify-auth login` moves it aside and starts anew.',
    })
  }
}

/**
 * Replaces the profile's credential as a whole: a reader sees the old file or the new one, and after a crash
 * there is one of the two. Throws `storage`, and leaves the old one, when it cannot be made durable.
 */
export function saveCredential(place: Place, credential: Credential): void {
  const file = credentialFile(place)
  const temporary = `${file}.${uniqueSuffix()}.tmp`
  try {
    makePrivateDirectory(place.home)
    makePrivateDirectory(path.dirname(file))
    try {
      writeDurably(temporary, serializeCredential(credential))
      fs.renameSync(temporary, file)
    } catch (error) {
      fs.rmSync(temporary, { force: true })
      throw error
    }
    syncDirectory(path.dirname(file))
  } catch (error) {
    throw storageError(
      `The login could not be saved in ${file}`,
      error,
      'Make room or mend the permissions, then try again.',
    )
  }
}

/** Forgets the profile's tokens; says whether there were any. */
export function removeCredential(place: Place): boolean {
  const file = credentialFile(place)
  try {
    fs.unlinkSync(file)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw storageError(`${file} could not be removed`, error, 'Mend the permissions, then try again.')
  }
  syncDirectory(path.dirname(file))
  return true
}

/** Moves a file aside that is not a credential of this program, so that a login can take its place; returns its new name. */
export function moveAside(place: Place): string {
  const file = credentialFile(place)
  const aside = `${file}.${uniqueSuffix()}.bad`
  try {
    fs.renameSync(file, aside)
  } catch (error) {
    throw storageError(`${file} could not be moved aside`, error, 'Mend the permissions, then try again.')
  }
  return aside
}

/** Names of all profiles that have a credential file. */
export function listProfiles({ home }: Pick<Place, 'home'>): string[] {
  try {
    const names = fs.readdirSync(path.join(home, 'credentials'))
    return names.flatMap((name) => /^(?!\.)([A-Za-z0-9._-]{1,64})\.json$/.exec(name)?.[1] ?? []).sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw storageError(`${home} cannot be read`, error, 'Mend the permissions, then try again.')
  }
}

/** Only has to differ: files are made exclusively. (`node:crypto` costs every start a tenth of Node's own.) */
function uniqueSuffix(): string {
  return Math.random().toString(36).slice(2)
}

function writeDurably(file: string, text: string): void {
  const fd = fs.openSync(file, 'wx', 0o600)
  try {
    fs.fchmodSync(fd, 0o600)
    const bytes = Buffer.from(text)
    // A disk that is nearly full takes a part and reports no error until it is asked again.
    for (let written = 0; written < bytes.length; ) written += fs.writeSync(fd, bytes, written)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** Makes a rename or removal itself durable; Windows has no such call and needs none. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const fd = fs.openSync(directory, 'r')
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

function storageError(what: string, error: unknown, hint: string): SpotifyAuthError {
  const reason = systemCode(error) ?? String(error)
  return new SpotifyAuthError('storage', `${what} (${reason}).`, { hint, cause: error })
}
