import { expect, vi } from 'vitest'
import { openSession } from '../../src/index.ts'
import type { Credential } from '../../src/session/credential.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/library-environment.ts'
import { issueCredential } from '../support/sandbox.ts'

it.for(['another login', 'nothing'] as const)(
  'a refresh does not overwrite %s that the program has stored meanwhile, without a lock',
  async (what, { standIn }) => {
    const before = await issueCredential(standIn, expired())
    const other = await issueCredential(standIn, { user: { id: 'bob', displayName: 'Bob' } })
    let kept: Credential | undefined = before
    const store = {
      load: () => kept,
      save(credential: Credential) {
        kept = credential
      },
    }
    standIn.fault('POST /api/token', { delayMs: 300 })
    const opening = openSession({ store })
    await vi.waitFor(() => expect(refreshes(standIn)).toHaveLength(1))
    const meanwhile = what === 'nothing' ? undefined : other
    kept = meanwhile
    await opening
    expect(kept).toEqual(meanwhile)
  },
)

it.for([
  ['good', {}],
  ['to be refreshed', expired()],
] as const)(
  'who asks for a token after another login, which is %s, does not get that of a refresh that began before',
  async ([, changes], { standIn }) => {
    let kept: Credential | undefined = await issueCredential(standIn)
    const store = {
      load: () => kept,
      save(credential: Credential) {
        kept = credential
      },
    }
    const session = await openSession({ store })
    kept = { ...kept, ...expired() }
    standIn.fault('POST /api/token', { delayMs: 300 })
    const before = session.accessToken()
    await vi.waitFor(() => expect(refreshes(standIn)).toHaveLength(1))
    kept = await issueCredential(standIn, changes)
    const after = await session.accessToken()
    expect(after).toBe(kept.accessToken)
    expect(await before).not.toBe(after)
    expect(kept.expiresAtMs).toBeGreaterThan(Date.now())
  },
)
