import { fchmodSync, readdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import { commandLineOf, isProfile, type ProfileLocation } from '../settings/environment.ts'
import { readSmallFile, UnlikelyFile } from '../system/small-file.ts'
import type { Output } from '../terminal/output.ts'
import type { Credential } from './credential.ts'
import { parseCredential } from './parse-credential.ts'

/** Where the profile's tokens are kept. */
export function dotfilePath({ home, profile }: ProfileLocation): string {
  return resolve(home, 'credentials', `${profile}.json`)
}

/** What is locked while the dotfile is changed. */
export function lockFile(place: ProfileLocation): string {
  return dotfilePath(place).replace(/json$/, 'lock')
}

/**
 * The time of a dotfile whose login has a successor that could not be put in its place: a mark that every read sees at no
 * cost, that needs no room on the disk, and that the next save removes.
 */
export const supersededMs = Date.UTC(2001, 1, 3, 4, 5, 6)

/**
 * Reads the profile's login, without a lock; undefined when there is none, or one that is superseded.
 * Throws `storage` for a file that is not a login of this program, and leaves it alone.
 */
export function readDotfile(place: ProfileLocation, stderr: Output): Credential | undefined {
  const file = dotfilePath(place)
  const found = readFound(file, stderr)
  return found && found.mtimeMs !== supersededMs ? parseLogin(file, found.bytes) : undefined
}

/** Reads a login from a file of any name, as `readDotfile` reads the profile's, even one that is superseded. */
export function readLogin(file: string, stderr?: Output): Credential | undefined {
  const found = readFound(file, stderr)
  return found && parseLogin(file, found.bytes)
}

function readFound(file: string, stderr?: Output): ReturnType<typeof readOwnFile> | undefined {
  try {
    return readOwnFile(file, stderr)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    if (error instanceof SpotifyAuthError) throw error
    throw storageError(`The login in ${file} cannot be read`, error)
  }
}

function parseLogin(file: string, bytes: Buffer): Credential {
  try {
    return parseCredential(bytes.toString())
  } catch (error) {
    // A syntax error's message quotes the text, which may hold a token.
    throw notOurs(file, error instanceof TypeError ? error.message : 'it is not JSON')
  }
}

/** The names of all profiles that have a dotfile. */
export function listProfiles({ home }: Pick<ProfileLocation, 'home'>): string[] {
  try {
    const names = readdirSync(resolve(home, 'credentials'))
    const profiles = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
    return profiles.filter(isProfile).sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw storageError(`${home} cannot be read`, error)
  }
}

/** The error for a failed system call on the files of a login; `what` is a sentence without its full stop. */
export function storageError(
  what: string,
  error: unknown,
  hint = 'Nothing was changed. Make room or mend the permissions, then try again.',
): SpotifyAuthError {
  const reason = systemCode(error) ?? String(error)
  return new SpotifyAuthError('storage', `${what} (${reason}).`, { hint, cause: error })
}

/**
 * Reads a file that may hold a login. Throws `storage` for what cannot be one, such as a pipe. Makes a file private that
 * other users could read, and says so on `stderr`.
 */
export function readOwnFile(file: string, stderr?: Output): { bytes: Buffer; mtimeMs: number } {
  let changedAtMs = 0
  try {
    const bytes = readSmallFile(file, (fd, { mode, mtimeMs, uid }) => {
      if (process.getuid && process.getuid() !== uid) throw new UnlikelyFile('it belongs to another user')
      if (mode & 0o077 && process.platform !== 'win32') {
        fchmodSync(fd, 0o600)
        stderr?.write(`Other users could read ${file}; its mode is 0600 now.\n`)
      }
      changedAtMs = mtimeMs
    })
    return { bytes, mtimeMs: changedAtMs }
  } catch (error) {
    throw error instanceof UnlikelyFile ? notOurs(file, error.message) : error
  }
}

function notOurs(file: string, reason: string): SpotifyAuthError {
  return new SpotifyAuthError('storage', `${file} is not a login of this program: ${reason}.`, {
    hint: `It was left as it is; \`${commandLineOf(basename(file, '.json'), 'login')}\` moves it aside and starts anew.`,
  })
}
