import { vi } from 'vitest'
import { it as plain } from './fixture.ts'

/**
 * `it` for tests of the library in the process of the tests themselves: the environment is that of the sandbox,
 * whatever is in `environment` comes on top. There is one environment, so these tests come one after another. A file
 * that needs another one extends this: an `override` at its top would reach the files that come after it.
 */
export const it = plain.extend<{ environment: Record<string, string | undefined>; inProcess: undefined }>({
  environment: {},
  inProcess: [
    async ({ sandbox, environment }, use) => {
      for (const [name, value] of Object.entries({ ...sandbox.env, ...environment })) vi.stubEnv(name, value)
      await use(undefined)
      vi.unstubAllEnvs()
    },
    { auto: true },
  ],
})
