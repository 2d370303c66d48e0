import { it as plain } from 'vitest'
import { createSandbox, type Sandbox } from './sandbox.ts'
import { type StandIn, type StandInOptions, startStandIn } from './stand-in.ts'

interface Fixture {
  /** How the stand-in starts out; a group of tests sets it with `it.override`. */
  standInOptions: StandInOptions
  /** A stand-in for Spotify of the test's own. */
  standIn: StandIn
  /** A home, an environment and a browser of the test's own, which reach that stand-in; nobody is logged in. */
  sandbox: Sandbox
}

/**
 * `it` for tests of the built program: each test gets what it names, of its own, so tests can run beside each other.
 * What it gets is removed afterwards; processes that are still running are killed.
 */
export const it = plain.extend<Fixture>({
  standInOptions: {},
  standIn: async ({ standInOptions }, use) => {
    const standIn = await startStandIn(standInOptions)
    await use(standIn)
    await standIn.close()
  },
  sandbox: async ({ standIn }, use) => {
    const sandbox = createSandbox(standIn)
    await use(sandbox)
    await sandbox.remove()
  },
})
