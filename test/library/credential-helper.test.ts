import { expect, vi } from 'vitest'
import { openSession } from '../../src/index.ts'
import { codeOf } from '../support/library-code.ts'
import { presentedTokens } from '../support/refreshing.ts'
import { it } from '../support/with-helper.ts'

it.beforeEach(({ sandbox, helper }) => {
  // The helper has put itself on the PATH of the sandbox.
  expect(helper.calls()).toEqual([])
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value)
  return () => void vi.unstubAllEnvs()
})

it('a session opens on a login of the command line whose refresh token a credential helper keeps', async ({
  standIn,
  helper,
  login,
}) => {
  const session = await openSession()
  expect(await session.accessToken()).not.toBe(login.accessToken)
  expect(presentedTokens(standIn)).toEqual([login.refreshToken])
  helper.calls()
  await session.accessToken()
  expect(helper.calls()).toEqual([])
})

it('a helper that fails is an error with the code `storage`', async ({ standIn, helper }) => {
  helper.fault('get', 'fail')
  expect(await codeOf(openSession())).toBe('storage')
  expect(presentedTokens(standIn)).toEqual([])
})
