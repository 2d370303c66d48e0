import { closeSync, constants, fchmodSync, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import type { Place } from '../settings/environment.ts'
import type { Output } from '../terminal/output.ts'
import type { Credential } from './credential.ts'
import { parseCredential } from './credential-text.ts'

const maxBytes = 64 * 1024

/** Where the profile's tokens are kept. */
export function dotfilePath({ home, profile }: Place): string {
  return join(home, 'credentials', `${profile}.json`)
}

/** What is locked while the dotfile is changed. */
export function lockFile(place: Place): string {
  return dotfilePath(place).replace(/json$/, 'lock')
}

/** Where a save is prepared; a kill may leave it behind. */
export function temporaryFile(file: string): string {
  return `${file}.tmp`
}

/**
 * Reads the profile's login, without a lock; undefined when there is none.
 * Throws `storage` for a file that is not one of this program's, and leaves it alone.
 */
export function readDotfile(place: Place, stderr: Output): Credential | undefined {
  const file = dotfilePath(place)
  let text: string
  try {
    text = readOwnFile(file, stderr)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    if (error instanceof SpotifyAuthError) throw error
    throw storageError(`The login in ${file} cannot be read`, error)
  }
  try {
    return parseCredential(text)
  } catch (error) {
    // A syntax error's message quotes the text, which may hold a token.
    throw notOurs(file, error instanceof TypeError ? error.message : 'it is not JSON')
  }
}

/** The names of all profiles that have a dotfile, or a part of one that a killed login has left. */
export function listProfiles({ home }: Pick<Place, 'home'>): string[] {
  try {
    const names = readdirSync(join(home, 'credentials'))
    const profiles = names.flatMap(
      (name) => /^(?!\.)([A-Za-z0-9._-]{1,64})\.json(\.tmp)?$/.exec(name)?.[1] ?? [],
    )
    return [...new Set(profiles)].sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw storageError(`${home} cannot be read`, error)
  }
}

/** A failed system call of the store; `what` is a sentence without its full stop. */
export function storageError(what: string, error: unknown): SpotifyAuthError {
  const reason = systemCode(error) ?? String(error)
  return new SpotifyAuthError('storage', `${what} (${reason}).`, {
    hint: 'Nothing was lost. Make room or mend the permissions, then try again.',
    cause: error,
  })
}

function readOwnFile(file: string, stderr: Output): string {
  // Non-blocking: a pipe in its place must not hang every command.
  const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const { mode, size, uid } = fstatSync(fd)
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw notOurs(file, 'it is not a regular file')
    if (size > maxBytes) throw notOurs(file, `it is larger than ${maxBytes} bytes`)
    if (process.getuid && process.getuid() !== uid) throw notOurs(file, 'it belongs to another user')
    if (mode & 0o077 && process.platform !== 'win32') {
      fchmodSync(fd, 0o600)
      stderr.write(`Other users could read ${file}; its mode is 0600 now.\n`)
    }
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

function notOurs(file: string, reason: string): SpotifyAuthError {
  return new SpotifyAuthError('storage', `${file} is not a login of this program: ${reason}.`, {
    hint: 'It was left as it is; `spotify-auth login` moves it aside and starts anew.',
  })
}
