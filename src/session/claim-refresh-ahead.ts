import { statSync, utimesSync } from 'node:fs'
import { systemCode } from '../errors.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { lockFile } from './dotfile.ts'

/** How often a refresh ahead of time is tried at most: a status bar asks every second, and Spotify may be down. */
const everyMs = 30_000

/**
 * Whether this process may try a refresh ahead of time now: only where no other has tried for a while. The modification
 * time of the lock file says when one last did, or took the lock; it is set to now, for all others to see.
 */
export function claimRefreshAhead(place: ProfileLocation): boolean {
  const file = lockFile(place)
  const now = new Date()
  try {
    const ageMs = now.getTime() - statSync(file).mtimeMs
    if (ageMs >= 0 && ageMs < everyMs) return false
    utimesSync(file, now, now)
    return true
  } catch (error) {
    // Whoever takes the lock makes the file. Where it cannot be touched, nothing can be saved either.
    return systemCode(error) === 'ENOENT'
  }
}
