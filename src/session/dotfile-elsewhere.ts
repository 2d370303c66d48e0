import { createHash } from 'node:crypto'
import { existsSync, lstatSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { ProfileLocation } from '../settings/environment.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'

type Home = Pick<ProfileLocation, 'home'>

/** The directories outside the home that hold its drafts, as far as there are any. */
export function directoriesElsewhere(home: Home): string[] {
  return roots()
    .filter(isOursAlone)
    .map((root) => join(root, nameOf(home)))
}

/** Makes those directories, one after the other: where a draft cannot be written in one, perhaps in the next. */
export function* makeDirectoriesElsewhere(home: Home): Generator<string> {
  for (const root of roots()) {
    try {
      if (existsSync(dirname(root))) makePrivateDirectories(root)
      if (!isOursAlone(root)) continue
      makePrivateDirectories(join(root, nameOf(home)))
    } catch {
      continue
    }
    yield join(root, nameOf(home))
  }
}

/** Removes those directories where nothing is in them. */
export function removeDirectoriesElsewhere(home: Home): void {
  for (const directory of directoriesElsewhere(home)) {
    try {
      rmdirSync(directory)
      rmdirSync(dirname(directory))
    } catch {}
  }
}

/** In the runtime and the temporary directory, where everybody may write: one of this user's own. */
function roots(): string[] {
  const parents = [process.env.XDG_RUNTIME_DIR ?? '', tmpdir()].filter((parent) => isAbsolute(parent))
  return parents.map((parent) => join(parent, `spotify-auth-${process.getuid?.() ?? 'rescued'}`))
}

/** Whether it is a directory, no link to one, that nobody else has put there or can look into. */
function isOursAlone(directory: string): boolean {
  const found = lstatSync(directory, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return false
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0)
}

function nameOf({ home }: Home): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 16)
}
