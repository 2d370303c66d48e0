import { closeSync, existsSync, lstatSync, readlinkSync, realpathSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isProfile, type ProfileLocation } from '../settings/environment.ts'
import { removeQuietly, syncDirectory, writeSynced } from '../system/durable.ts'
import { dotfilePath, listProfiles } from './dotfile.ts'
import {
  directoriesElsewhere,
  isOursAlone,
  makeDirectoriesElsewhere,
  removeDirectories,
} from './dotfile-elsewhere.ts'
import { namesIn } from './may-be-kept.ts'

// A draft is a file with a login that is not in its place yet: it is being saved, a kill has left it, or it could not
// be put there. Its name says what it is to replace: a refresh replaces the login with the refresh token that it has spent, a
// new login the one that there was, however often that is refreshed.

export interface Draft {
  file: string
  /** The link beside the target that leads to a file elsewhere. */
  link?: string
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

/**
 * Keeps a login outside the home, where it cannot be written in it; returns the file, undefined where no place takes it.
 * A link in the home leads there, because the environment says where that is, and cron has another one than a terminal.
 */
export function keepElsewhere(place: ProfileLocation, replaces: string, bytes: Buffer): string | undefined {
  for (const directory of makeDirectoriesElsewhere(place)) {
    const file = join(directory, draftName(place.profile, replaces))
    try {
      closeSync(writeSynced(file, bytes))
      syncDirectory(directory)
    } catch {
      removeQuietly(file)
      continue
    }
    leaveLink(newDraft(targetOf(place), replaces), file)
    return file
  }
  removeDirectories(directoriesElsewhere(place))
}

/** The drafts of the profile, the newest first. */
export function listDrafts(place: ProfileLocation): Draft[] {
  const target = targetOf(place)
  const beside = draftsIn(dirname(target), basename(target, '.json'))
  const linked = new Set(beside.map(({ file }) => file))
  const elsewhere = directoriesElsewhere(place)
    .flatMap((directory) => draftsIn(directory, place.profile))
    .filter(({ file }) => !linked.has(file))
  return [...beside, ...elsewhere].sort((one, other) => other.writtenAtMs - one.writtenAtMs)
}

/** Whether a link leads where this process cannot look: its file is lost, by a restart perhaps, or others can see it. */
export function isOutOfReach({ file, link }: Pick<Draft, 'file' | 'link'>): boolean {
  return link !== undefined && !(isOursAlone(dirname(file)) && existsSync(file))
}

export function removeDrafts(place: ProfileLocation, drafts: Draft[]): void {
  if (drafts.length === 0) return
  for (const file of drafts.flatMap(filesOf)) removeQuietly(file)
  const linked = drafts.filter(({ link }) => link !== undefined).map(({ file }) => dirname(file))
  removeDirectories([...directoriesElsewhere(place), ...linked.filter(isOursAlone)])
}

/** What there is to remove of a draft: a kill in between leaves a link that leads to nothing, not a file that nobody finds. */
export function filesOf(draft: Draft): string[] {
  const files = isOutOfReach(draft) ? [] : [draft.file]
  return draft.link === undefined ? files : [...files, draft.link]
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
    const named = join(directory, name)
    const target = readLink(named)
    const draft = {
      file: target ?? named,
      link: target && named,
      replaces: match[2] ?? '',
    }
    const found = isOutOfReach(draft) ? undefined : statSync(draft.file, { throwIfNoEntry: false })
    return { ...draft, writtenAtMs: found?.mtimeMs ?? 0 }
  })
}

/** Where that cannot be done only those find the file whose environment leads there. */
function leaveLink(link: string, file: string): void {
  try {
    symlinkSync(file, link)
    syncDirectory(dirname(link))
  } catch {}
}

function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch {
    return undefined
  }
}
