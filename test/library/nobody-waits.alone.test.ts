import { expect, vi } from 'vitest'
import { openSession } from '../../src/index.ts'
import { refreshes, soon } from '../support/credentials.ts'
import { it } from '../support/library-environment.ts'
import { waitFor } from '../support/sandbox.ts'

it('a token in its last five minutes is handed out at once, and another one after the refresh', async ({
  sandbox,
  standIn,
}) => {
  const { accessToken } = await sandbox.logIn(standIn, soon())
  standIn.fault('POST /api/token', { delayMs: 1_000 })
  const onRefresh = vi.fn()
  const startedAt = Date.now()
  const session = await openSession({ onRefresh })
  const tokens = await Promise.all([session.accessToken(), session.accessToken()])
  expect(tokens).toEqual([accessToken, accessToken])
  expect(Date.now() - startedAt).toBeLessThan(500)
  await waitFor(() => sandbox.readCredential().accessToken !== accessToken)
  expect(await session.accessToken()).toBe(sandbox.readCredential().accessToken)
  expect(onRefresh).toHaveBeenCalledOnce()
  expect(refreshes(standIn)).toHaveLength(1)
})
