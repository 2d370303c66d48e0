import { createInterface } from 'node:readline'
import { openOutput } from '../src/terminal/output.ts'
import { followLogin } from '../test/support/follow-login.ts'
import { visit } from '../test/support/visit.ts'
import type { Program } from './program.ts'

/** Plays the browser of a `login --no-browser`: repeats what it says, and follows the authorize URL among it. */
export async function followLoginOf({ child }: Program, accountsUrl: string): Promise<void> {
  if (!child.stderr) throw new TypeError('the standard error of the login is not a pipe')
  const stderr = openOutput(2)
  let failure: unknown
  for await (const line of createInterface({ input: child.stderr })) {
    stderr.write(`${line}\n`)
    if (!line.startsWith(`${accountsUrl}/authorize?`)) continue
    // Not awaited: what the login says meanwhile is repeated at once.
    void follow(line).catch((error) => {
      failure = error
      child.kill()
    })
  }
  if (failure) throw failure
}

async function follow(authorizeUrl: string): Promise<void> {
  await visit(await followLogin(authorizeUrl, 'agree'))
}
