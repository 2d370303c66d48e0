import fs from 'node:fs'
import { type Credential, parseCredential } from '../src/session/credential.ts'

/** The login on disk; undefined when there is none, or what lies there is none. */
export function readStored(file: string): Credential | undefined {
  try {
    return parseCredential(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
