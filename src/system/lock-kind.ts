import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import type { KernelLock } from './kernel-lock.ts'
import { makePrivateDirectories } from './private-directory.ts'

// A lock made of files and their age lets two holders in after a crash, or must be deleted by hand. So where no kind
// of the kernel's can be reached nothing is refreshed, and the user is told.

/** The kinds of locks, the best first, and what each needs. */
const kinds = {
  addon: {
    load: async () => (await import('./lock-by-addon.ts')).load(),
    name: 'the package fs-native-extensions',
    need: 'Install spotify-auth again; where that does not help, the package has no build for this computer.',
  },
  flock: {
    load: async () => (await import('./lock-by-flock.ts')).load(),
    name: 'the program flock',
    need: 'Install flock, which is part of util-linux and of BusyBox, or add its directory to PATH.',
  },
  sqlite: {
    load: async () => (await import('./lock-by-sqlite.ts')).load(),
    name: 'node:sqlite',
    need: 'Use Node 22.13 or newer.',
  },
}

type Kind = keyof typeof kinds

export interface LockOfHome extends KernelLock {
  /** Whether the home still says so: what its holder finds deleted, it writes down again, because the others look there. */
  isOfHome(): boolean
}

/**
 * The lock that all processes of a home take: its first one chooses the best that it can, and writes that down there.
 * Throws `storage` where this process cannot take that kind, or none at all.
 */
export async function loadLock(home: string): Promise<LockOfHome> {
  const kind = readKind(home) ?? (await chooseKind(home))
  const lock = await load(kind)
  if (!lock) throw cannotLock(home, kind)
  return { ...lock, isOfHome: () => isKind(home, kind) }
}

function isKind(home: string, kind: Kind): boolean {
  try {
    return (readKind(home) ?? writeKind(home, kind)) === kind
  } catch {
    // Whoever takes the lock anew is told why.
    return false
  }
}

const loaded: Partial<Record<Kind, Promise<KernelLock | undefined>>> = {}

/** A lock of this kind, for a process that may take many; undefined where it cannot be taken here. */
function load(kind: Kind): Promise<KernelLock | undefined> {
  loaded[kind] ??= kinds[kind].load()
  return loaded[kind]
}

async function chooseKind(home: string): Promise<Kind> {
  for (const kind of Object.keys(kinds) as Kind[]) {
    if (await load(kind)) return writeKind(home, kind)
  }
  const machine = `${process.platform}-${process.arch}`
  throw new SpotifyAuthError('storage', `File locks are not available on this computer (${machine}).`, {
    hint: `${kinds.flock.need} Or use Node 22.13 or newer.`,
  })
}

/** A directory with one entry, whose name is the kind. */
function recordIn(home: string): string {
  return join(home, 'lock-kind')
}

function isWritten(home: string, kind: Kind): boolean {
  return existsSync(join(recordIn(home), kind))
}

function readKind(home: string): Kind | undefined {
  // Mostly it is the best one, and to look for a name takes less time than to read the directory.
  if (isWritten(home, 'addon')) return 'addon'
  let names: string[]
  try {
    names = readdirSync(recordIn(home))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  const kind = names.find((name): name is Kind => Object.hasOwn(kinds, name))
  if (kind !== undefined) return kind
  throw new SpotifyAuthError('storage', `${recordIn(home)} names no lock that this version knows.`, {
    hint: 'Install the newest version: npm install --global spotify-auth-cli',
  })
}

/**
 * Writes the kind down, unless somebody has been quicker; returns what is written then. A directory takes the place of
 * another one only if that is empty: so there is one that is first, and nobody sees half of a record.
 */
function writeKind(home: string, kind: Kind): Kind {
  const draft = `${recordIn(home)}.${process.pid}.${Date.now()}.tmp`
  try {
    makePrivateDirectories(draft, join(draft, kind))
    renameSync(draft, recordIn(home))
    return kind
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    const written = readKind(home)
    if (written === undefined) throw error
    return written
  }
}

function cannotLock(home: string, kind: Kind): SpotifyAuthError {
  const { name, need } = kinds[kind]
  const here = `${process.platform}-${process.arch}, Node ${process.version}`
  return new SpotifyAuthError(
    'storage',
    `${home} is locked with ${name}, which cannot be used here (${here}).`,
    {
      hint: `${need} Or set SPOTIFY_AUTH_HOME to another directory, and log in there. If nothing else uses this one any more, remove ${recordIn(home)}.`,
    },
  )
}
