import fs from 'node:fs'
import path from 'node:path'
import type { Credential } from '../src/session/credential.ts'
import { parseCredential } from '../src/session/credential-text.ts'
import { draft } from './leftovers.ts'

/** The login on disk; undefined when there is none, or what lies there is none. */
export function readStored(file: string): Credential | undefined {
  try {
    return parseCredential(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Whether a whole login lies beside the file that was to replace it, and has another refresh token. */
export function hasFinishedDraft(file: string): boolean {
  const stored = readStored(file)
  const directory = path.dirname(file)
  return fs.readdirSync(directory).some((name) => {
    const login = draft.test(name) ? readStored(path.join(directory, name)) : undefined
    return login !== undefined && login.refreshToken !== stored?.refreshToken
  })
}
