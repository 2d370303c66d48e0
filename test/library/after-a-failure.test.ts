import { expect } from 'vitest'
import { openSession } from '../../src/index.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { codeOf } from '../support/library-code.ts'
import { it } from '../support/library-environment.ts'
import { issueCredential } from '../support/sandbox.ts'

it('all sessions on a store share a refresh that has failed', async ({ standIn }) => {
  const down = { status: 503, body: '' }
  const credential = await issueCredential(standIn, expired())
  const store = { load: () => credential, save() {} }
  standIn.fault('POST /api/token', down, down)
  expect(await codeOf(openSession({ store }))).toBe('unavailable')
  // No command of ours could ask at once for a login of a program's own.
  await expect(openSession({ store })).rejects.toMatchObject({
    code: 'unavailable',
    hint: expect.stringMatching(/^It is asked again in \d seconds?\.$/),
  })
  expect(refreshes(standIn)).toHaveLength(1)
})
