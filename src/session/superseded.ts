import { statSync, utimesSync } from 'node:fs'
import { systemCode } from '../errors.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { dotfilePath, supersededMs } from './dotfile.ts'

/** Lets the next command look for the login that is kept, although the stored one may be good; says whether it will. */
export function markSuperseded(place: ProfileLocation): boolean {
  try {
    utimesSync(dotfilePath(place), new Date(), new Date(supersededMs))
    return true
  } catch (error) {
    // Where there is no dotfile, every command looks.
    return systemCode(error) === 'ENOENT'
  }
}

export function isMarkedSuperseded(place: ProfileLocation): boolean {
  return statSync(dotfilePath(place), { throwIfNoEntry: false })?.mtimeMs === supersededMs
}

/** Removes the mark: what was kept is no more. */
export function unmarkSuperseded(place: ProfileLocation): void {
  if (!isMarkedSuperseded(place)) return
  try {
    utimesSync(dotfilePath(place), new Date(), new Date())
  } catch {
    // The next command looks again.
  }
}
