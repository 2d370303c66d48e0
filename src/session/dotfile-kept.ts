import type { ProfileLocation } from '../settings/environment.ts'
import type { Output } from '../terminal/output.ts'
import type { Credential } from './credential.ts'
import { readDotfile, readLogin } from './dotfile.ts'
import { type Draft, listDrafts, removeDrafts } from './dotfile-drafts.ts'
import { saveKept } from './dotfile-save.ts'
import { fingerprintOf } from './fingerprint.ts'

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
  const stored = readDotfile(place, stderr)
  const drafts = listDrafts(place).filter(({ file }) => file !== own)
  const credential = findSuccessor(stored, drafts)
  if (credential) {
    try {
      saveKept(place, credential)
    } catch {
      // It is good all the same, and is tried again by the next.
      return { credential, wasTakenOver: false }
    }
  }
  removeDrafts(place, drafts)
  return { credential: credential ?? stored, wasTakenOver: credential !== undefined }
}

function findSuccessor(stored: Credential | undefined, drafts: Draft[]): Credential | undefined {
  const replaced = fingerprintOf(stored?.refreshToken)
  const logins = drafts
    .filter(({ replaces }) => replaces === replaced)
    .flatMap(({ file }) => readWhole(file) ?? [])
    .filter(({ accessToken }) => accessToken !== stored?.accessToken)
  return logins.find(({ ended }) => !ended) ?? logins[0]
}

/** A kill may have left a part of one. */
function readWhole(file: string): Credential | undefined {
  try {
    return readLogin(file)
  } catch {
    return undefined
  }
}
