import { closeSync, existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isProfile, type ProfileLocation } from '../settings/environment.ts'
import { removeQuietly, syncDirectory, writeSynced } from '../system/durable.ts'
import { dotfilePath, listProfiles } from './dotfile.ts'
import {
  directoriesElsewhere,
  makeDirectoriesElsewhere,
  removeDirectoriesElsewhere,
} from './dotfile-elsewhere.ts'
import { namesIn } from './may-be-kept.ts'

// A draft is a file with a login that is not in its place yet: it is being saved, a kill has left it, or it could not
// be put there. Its name says what it is to replace: a refresh replaces the login with the refresh token that it has spent, a
// new login the one that there was, however often that is refreshed.

export interface Draft {
  file: string
  /** The fingerprint of that refresh token, or of that login's identity. */
  replaces: string
  writtenAtMs: number
}

/** The file that a save replaces: of a symbolic link, its target. */
export function targetOf(place: ProfileLocation): string {
  const file = dotfilePath(place)
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file
  return existsSync(file) ? realpathSync(file) : resolve(dirname(file), readlinkSync(file))
}

/** A name for a draft beside its target that no other process has. */
export function newDraft(target: string, replaces: string): string {
  return join(dirname(target), draftName(basename(target, '.json'), replaces))
}

/** Keeps a login outside the home, where it cannot be written in it; returns the file, undefined where no place takes it. */
export function keepElsewhere(place: ProfileLocation, replaces: string, bytes: Buffer): string | undefined {
  for (const directory of makeDirectoriesElsewhere(place)) {
    const file = join(directory, draftName(place.profile, replaces))
    try {
      closeSync(writeSynced(file, bytes))
      syncDirectory(directory)
      return file
    } catch {
      removeQuietly(file)
    }
  }
  removeDirectoriesElsewhere(place)
}

/** The drafts of the profile, the newest first. */
export function listDrafts(place: ProfileLocation): Draft[] {
  const target = targetOf(place)
  const beside = draftsIn(dirname(target), basename(target, '.json'))
  const elsewhere = directoriesElsewhere(place).flatMap((directory) => draftsIn(directory, place.profile))
  return [...beside, ...elsewhere].sort((one, other) => other.writtenAtMs - one.writtenAtMs)
}

export function removeDrafts(place: ProfileLocation, drafts: Draft[]): void {
  for (const { file } of drafts) removeQuietly(file)
  if (drafts.length > 0) removeDirectoriesElsewhere(place)
}

/** The name for a target that is moved aside because it is not a login. */
export function asideOf(target: string): string {
  return `${target}.${Date.now()}.bad`
}

/** What was moved aside. */
export function listAside(target: string): string[] {
  return namesIn(dirname(target))
    .filter((name) => asidePattern.exec(name)?.[1] === basename(target, '.json'))
    .map((name) => join(dirname(target), name))
}

/** The names of all profiles that have a file with a login in it, whole or not, or something with a credential helper. */
export function profilesWithFiles(home: Pick<ProfileLocation, 'home'>): string[] {
  const names = [join(home.home, 'credentials'), ...directoriesElsewhere(home)].flatMap(namesIn)
  const patterns = [draftPattern, asidePattern, notePattern]
  const others = names.flatMap((name) => patterns.flatMap((pattern) => pattern.exec(name)?.[1] ?? []))
  return [...new Set([...listProfiles(home), ...others.filter(isProfile)])].sort()
}

const draftPattern = /^(.+)\.([0-9a-f]{16})\.[0-9a-f]{8}\.tmp$/
/** Of the note that a credential helper may still have something of the profile. */
const notePattern = /^(.+)\.helpers$/
const asidePattern = /^(.+)\.json\.\d+\.bad$/

function draftName(stem: string, replaces: string): string {
  const random = Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
  return `${stem}.${replaces}.${random}.tmp`
}

function draftsIn(directory: string, stem: string): Draft[] {
  return namesIn(directory).flatMap((name) => {
    const match = draftPattern.exec(name)
    if (match?.[1] !== stem) return []
    const file = join(directory, name)
    const writtenAtMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
    return { file, replaces: match[2] ?? '', writtenAtMs }
  })
}
