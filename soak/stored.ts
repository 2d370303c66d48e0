import fs from 'node:fs'
import type { Credential } from '../src/session/credential.ts'
import { parseCredential } from '../src/session/credential-text.ts'

/** The login on disk; undefined when there is none, or what lies there is none. */
export function readStored(file: string): Credential | undefined {
  try {
    return parseCredential(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
