import { copyFileSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from './sandbox.ts'

/** The file of the login of that profile. */
export function credentialFileOf(
  { credentialFile }: Pick<Sandbox, 'credentialFile'>,
  profile: string,
): string {
  return path.join(path.dirname(credentialFile), `${profile}.json`)
}

/** Gives the default profile's login to another profile, too. */
export function copyLogin(sandbox: Pick<Sandbox, 'credentialFile'>, profile: string): void {
  copyFileSync(sandbox.credentialFile, credentialFileOf(sandbox, profile))
}
