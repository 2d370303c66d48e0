import type { ProfileLocation } from '../settings/environment.ts'
import type { Output } from '../terminal/output.ts'
import { type Credential, identityOf } from './credential.ts'
import { dotfilePath, readLogin } from './dotfile.ts'
import { type Draft, listDrafts, removeDrafts } from './dotfile-drafts.ts'
import { moveAside, saveKept } from './dotfile-save.ts'
import { fingerprintOf } from './fingerprint.ts'
import { unmarkSuperseded } from './superseded.ts'

/**
 * Reads the login as it would be if nothing had come between: the newest whole draft that was to replace the stored
 * login takes its place; all other drafts are of logins that are over, and go, but for `own`, which is being made. Runs
 * under the lock of the profile.
 */
export function readTakingOver(
  place: ProfileLocation,
  stderr: Output,
  own: string | undefined,
): { credential: Credential | undefined; wasTakenOver: boolean } {
  const { stored, problem } = readStored(place, stderr)
  const drafts = listDrafts(place).filter(({ file }) => file !== own)
  const credential = findSuccessor(stored, drafts)
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
    unmarkSuperseded(place)
  }
  removeDrafts(place, drafts)
  return { credential: credential ?? stored, wasTakenOver: credential !== undefined }
}

/** The login in its place, or why there is none to be had. */
function readStored(place: ProfileLocation, stderr: Output): { stored?: Credential; problem?: unknown } {
  try {
    return { stored: readLogin(dotfilePath(place), stderr) }
  } catch (problem) {
    return { problem }
  }
}

function findSuccessor(stored: Credential | undefined, drafts: Draft[]): Credential | undefined {
  const replaced = [stored?.refreshToken, stored && identityOf(stored)].map(fingerprintOf)
  const logins = drafts
    .filter(({ replaces }) => replaced.includes(replaces))
    .flatMap(({ file }) => readWhole(file) ?? [])
    .filter((login) => !stored || isNewer(login, stored))
  return logins.find(({ ended }) => !ended) ?? logins[0]
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
