import { existsSync, lstatSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProfileLocation } from '../settings/environment.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { homeDigest } from './home-digest.ts'
import { rootsElsewhere } from './may-be-kept.ts'

type Home = Pick<ProfileLocation, 'home'>

/** The directories outside the home that hold its drafts, as far as there are any. */
export function directoriesElsewhere(home: Home): string[] {
  return rootsElsewhere()
    .filter(isOursAlone)
    .map((root) => join(root, homeDigest(home)))
}

/** Makes those directories, one after the other: where a draft cannot be written in one, perhaps in the next. */
export function* makeDirectoriesElsewhere(home: Home): Generator<string> {
  for (const root of rootsElsewhere()) {
    try {
      if (existsSync(dirname(root))) makePrivateDirectories(root)
      if (!isOursAlone(root)) continue
      makePrivateDirectories(join(root, homeDigest(home)))
    } catch {
      continue
    }
    yield join(root, homeDigest(home))
  }
}

/** Removes such directories where nothing is in them. */
export function removeDirectories(directories: string[]): void {
  for (const directory of directories) {
    try {
      rmdirSync(directory)
      rmdirSync(dirname(directory))
    } catch {}
  }
}

/** Whether it is a directory, no link to one, that nobody else has put there or can look into. */
export function isOursAlone(directory: string): boolean {
  try {
    const found = lstatSync(directory)
    if (!found.isDirectory()) return false
    return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0)
  } catch {
    return false
  }
}
