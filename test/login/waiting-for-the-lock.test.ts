import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { holdLock } from '../support/hold-lock.ts'
import { lockFile } from '../support/refreshing.ts'
import { visit } from '../support/visit.ts'

it('a login whose lock another process holds is saved when that has ended, however long it takes', async ({
  sandbox,
}) => {
  const login = await sandbox.beginLogin()
  const letGo = await holdLock(sandbox, lockFile(sandbox))
  const page = visit(await login.answer('agree'))
  await sleep(13_000)
  expect(login.child.exitCode).toBeNull()
  expect(login.stderr()).toContain('Another spotify-auth')
  letGo()
  expect(await page).toMatchObject({ status: 200, text: expect.stringContaining('All set') })
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(sandbox.readCredential().user?.id).toBe('ada.lovelace')
})
