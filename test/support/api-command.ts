import { expect } from 'vitest'
import { runInProcess } from './in-process.ts'
import { it as loggedIn } from './logged-in.ts'
import type { Sandbox } from './sandbox.ts'

/** A request that has arrived, without what is the client's own. */
interface Sent {
  method: string
  path: string
  query: string
  body: string
}

/** `it` for tests of `api`, on the login of somebody. */
export const it = loggedIn.extend<{
  /** Runs `api` with these arguments. */
  api: (...args: string[]) => ReturnType<Sandbox['run']>
  /** Does the same in the process of the tests: for rows of a table. */
  apiInProcess: (...args: string[]) => ReturnType<Sandbox['run']>
  /** Every request so far. */
  sent: () => Sent[]
  /** Expects that this has been the only request. */
  sentOnce: (method: string, path: string, rest?: { query?: string; body?: string }) => void
}>({
  api: ({ sandbox }, use) => use((...args) => sandbox.run(['api', ...args])),
  apiInProcess: ({ sandbox }, use) => use((...args) => runInProcess(sandbox, ['api', ...args])),
  sent: ({ standIn }, use) =>
    use(() =>
      standIn.requests.map(({ method, path, query, body }) => ({ method, path, query: `${query}`, body })),
    ),
  sentOnce: ({ sent }, use) =>
    use((method, path, rest) => expect(sent()).toEqual([{ method, path, query: '', body: '', ...rest }])),
})
