import type { Credential } from '../../src/session/credential.ts'
import { entrust } from '../../src/session/helper-entry.ts'
import { installHelper, type ScriptedHelper } from './credential-helper.ts'
import { it as anybody } from './fixture.ts'
import { issueCredential, type Sandbox, waitFor } from './sandbox.ts'
import type { StandIn } from './stand-in.ts'

/** Gives a login of real tokens of the stand-in to a helper, as `login` would; returns it as a whole. */
export async function logInWith(
  { name }: Pick<ScriptedHelper, 'name'>,
  sandbox: Sandbox,
  standIn: StandIn,
  changes: Partial<Credential> = {},
  profile = 'default',
): Promise<Credential> {
  const { home, env } = sandbox
  const credential = await issueCredential(standIn, {
    loginId: 'a login',
    credentialHelper: name,
    ...changes,
  })
  const stderr = {
    isTerminal: false,
    columns: 80,
    write(text: string) {
      throw new Error(text)
    },
  }
  sandbox.writeCredential(credential, profile)
  const needs = { home, profile, env, stderr, commandLine: (words: string) => words }
  sandbox.writeCredential(await entrust(needs, credential, ''), profile)
  return credential
}

/** `it` for tests of somebody whose secrets a credential helper keeps, and whose access token has run out; `login` is as it was stored. */
export const it = anybody.extend<{ helper: ScriptedHelper; login: Credential }>({
  helper: async ({ sandbox }, use) => use(installHelper(sandbox)),
  login: [
    async ({ sandbox, standIn, helper }, use) => {
      const login = await logInWith(helper, sandbox, standIn, { expiresAtMs: Date.now() - 1_000 })
      helper.calls()
      await use(login)
    },
    { auto: true },
  ],
})

/** Gives the stored login an access token that is valid for a while. */
export function freshen(sandbox: Sandbox): void {
  sandbox.writeCredential({ ...sandbox.readCredential(), expiresAtMs: Date.now() + 3_000_000 })
}

/** Kills a command that refreshes while its helper is at work for the nth time with an action. */
export async function killWhile(
  sandbox: Sandbox,
  helper: ScriptedHelper,
  action: 'get' | 'store',
  nth: number,
): Promise<void> {
  const { child, outcome } = sandbox.start(['token'])
  await waitFor(() => helper.count(action) >= nth)
  child.kill('SIGKILL')
  await outcome
}
