import type { Credential } from '../../src/session/credential.ts'
import { it as anybody } from './fixture.ts'

/** `it` for tests of somebody who is logged in; `login` is what has been stored. */
export const it = anybody.extend<{ login: Credential }>({
  login: [async ({ sandbox, standIn }, use) => use(await sandbox.logIn(standIn)), { auto: true }],
})
