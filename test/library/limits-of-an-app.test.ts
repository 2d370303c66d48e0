import { expect } from 'vitest'
import { getCurrentlyPlaying, openSession } from '../../src/index.ts'
import { codeOf } from '../support/library-code.ts'
import { it } from '../support/library-environment.ts'
import { issueCredential } from '../support/sandbox.ts'

it('a limit holds for all sessions of its app, whatever store they are on, and for no other app', async ({
  standIn,
}) => {
  const open = async (clientId?: string) => {
    const credential = await issueCredential(standIn, clientId ? { clientId } : {})
    return openSession({ store: { load: () => credential, save() {} } })
  }
  const [one, two, other] = [await open(), await open(), await open('another app')]
  const player = 'GET /v1/me/player/currently-playing'
  standIn.fault(player, { status: 429, headers: { 'retry-after': '60' }, body: '' })
  expect(await codeOf(getCurrentlyPlaying(one))).toBe('rate_limited')
  expect(await codeOf(getCurrentlyPlaying(two))).toBe('rate_limited')
  expect(await codeOf(getCurrentlyPlaying(await open()))).toBe('rate_limited')
  expect(standIn.requestsTo(player)).toHaveLength(1)
  expect(await getCurrentlyPlaying(other)).toBeUndefined()
})
