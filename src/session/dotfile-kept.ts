import { SpotifyAuthError } from '../errors.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import type { Output } from '../terminal/output.ts'
import { type Credential, identityOf } from './credential.ts'
import { dotfilePath, readLogin } from './dotfile.ts'
import { type Draft, isOutOfReach, listDrafts, removeDrafts } from './dotfile-drafts.ts'
import { moveAside, saveKept } from './dotfile-save.ts'
import { fingerprintOf } from './fingerprint.ts'
import { isMarkedSuperseded, unmarkSuperseded } from './superseded.ts'

/**
 * Reads the login as it would be if nothing had come between: the newest whole draft that was to replace the stored
 * login takes its place, rather one that has not ended; all other drafts are of logins that are over, and go, but for
 * `own`, which is being made. Runs under the lock of the profile.
 * Throws `OutOfReach` where that draft cannot be seen from here: the stored refresh token may be spent.
 */
export function readTakingOver(
  place: ProfileLocation,
  stderr: Output,
  own: string | undefined,
): { credential: Credential | undefined; wasTakenOver: boolean } {
  const { stored, problem } = readStored(place, stderr)
  const drafts = listDrafts(place).filter(({ file }) => file !== own)
  const successor = findSuccessor(stored, drafts)
  const credential = successor?.login
  if (credential) {
    try {
      if (problem) stderr.write(`What was not a login was moved to ${moveAside(place)}\n`)
      saveKept(place, credential)
    } catch {
      // It is good all the same, and is tried again by the next.
      return { credential, wasTakenOver: false }
    }
  } else if (problem) {
    throw problem
  } else {
    const unseen = drafts.find((draft) => isOutOfReach(draft) && replacesOneOf(stored, draft))
    // Without the mark the stored login is as good as that one.
    if (unseen && isMarkedSuperseded(place)) throw new OutOfReach(unseen.file)
    unmarkSuperseded(place)
  }
  removeDrafts(place, drafts)
  return { credential: credential ?? stored, wasTakenOver: credential !== undefined }
}

/** The file of a login that is newer than the one in its place, if there is one; it is left there. */
export function findKept(place: ProfileLocation): string | undefined {
  return findSuccessor(readStored(place).stored, listDrafts(place))?.draft.file
}

/** A newer login is kept where this process cannot look. */
export class OutOfReach extends SpotifyAuthError {
  constructor(file: string) {
    super('storage', `A newer login is kept in ${file}, which cannot be reached from here.`, {
      hint: 'Run this where that directory is to be seen; where it is gone, log in again.',
    })
  }
}

/** The login in its place, or why there is none to be had. */
function readStored(place: ProfileLocation, stderr?: Output): { stored?: Credential; problem?: unknown } {
  try {
    return { stored: readLogin(dotfilePath(place), stderr) }
  } catch (problem) {
    return { problem }
  }
}

function findSuccessor(
  stored: Credential | undefined,
  drafts: Draft[],
): { draft: Draft; login: Credential } | undefined {
  const successors = drafts
    .filter((draft) => replacesOneOf(stored, draft) && !isOutOfReach(draft))
    .flatMap((draft) => {
      const login = readWhole(draft.file)
      return login && (!stored || isNewer(login, stored)) ? { draft, login } : []
    })
  return successors.find(({ login }) => !login.ended) ?? successors[0]
}

/** Whether it was to replace this login, or the refresh token that it has. */
function replacesOneOf(stored: Credential | undefined, { replaces }: Draft): boolean {
  return [stored?.refreshToken, stored && identityOf(stored)].map(fingerprintOf).includes(replaces)
}

/** Where both have the same refresh token, somebody may have put a newer file in the place. */
function isNewer(login: Credential, stored: Credential): boolean {
  return login.refreshToken !== stored.refreshToken || login.expiresAtMs > stored.expiresAtMs
}

/** A kill may have left a part of one. */
function readWhole(file: string): Credential | undefined {
  try {
    return readLogin(file)
  } catch {
    return undefined
  }
}
