import { expect, vi } from 'vitest'
import { type Credential, openSession } from '../../src/index.ts'
import { it } from '../support/fixture.ts'
import { codeOf } from '../support/library-code.ts'
import { issueCredential } from '../support/sandbox.ts'

it('a store of a program gets an ended login without its tokens', async ({ standIn }) => {
  for (const [name, value] of Object.entries(standIn.env)) vi.stubEnv(name, value)
  const login = await issueCredential(standIn, { expiresAtMs: Date.now() - 1_000 })
  let stored: Credential = login
  const store = {
    load: () => stored,
    save(credential: Credential) {
      stored = credential
    },
  }
  standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
  expect(await codeOf(openSession({ store }))).toBe('login_expired')
  expect(stored).toMatchObject({ ended: 'revoked', accessToken: '', user: login.user })
  expect(stored.refreshToken).toMatch(/^sha256:[0-9a-f]{16}$/)
  await expect(openSession({ store })).rejects.toMatchObject({ code: 'login_expired', hint: undefined })
  expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  vi.unstubAllEnvs()
})
