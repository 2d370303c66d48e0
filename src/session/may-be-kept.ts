import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { ProfileLocation } from '../settings/environment.ts'
import { dotfilePath } from './dotfile.ts'

/**
 * Whether there can be a login where the dotfile has none to give. It looks for no more than a name: most who ask are
 * not logged in, and to look properly a command has to load a good deal more.
 */
export function mayBeKept(place: ProfileLocation): boolean {
  const file = dotfilePath(place)
  const isDraft = (name: string) => name.startsWith(`${place.profile}.`) && name.endsWith('.tmp')
  // The dotfile comes last: another process may be putting a draft in its place.
  return (
    namesIn(dirname(file)).some(isDraft) ||
    rootsElsewhere().some((root) => existsSync(root)) ||
    // It is superseded, or a link whose target is not there.
    lstatSync(file, { throwIfNoEntry: false }) !== undefined
  )
}

/** Below these logins are kept outside the home: in the runtime and the temporary directory, where everybody may write, one of this user's own. */
export function rootsElsewhere(): string[] {
  // Most commands have no use for it.
  const { tmpdir } = process.getBuiltinModule('node:os')
  const parents = [process.env.XDG_RUNTIME_DIR ?? '', tmpdir()].filter((parent) => isAbsolute(parent))
  return parents.map((parent) => join(parent, `spotify-auth-${process.getuid?.() ?? 'rescued'}`))
}

/** The names in a directory; none where it cannot be read. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
