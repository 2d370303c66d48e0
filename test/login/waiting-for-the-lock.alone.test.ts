import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { holdLock } from '../support/hold-lock.ts'
import { lockFile } from '../support/refreshing.ts'
import { type WaitingLogin, waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

/** Agrees; the page comes when the login is saved, or is not. */
async function agree(login: WaitingLogin) {
  return visit(await login.answer('agree'))
}

describe('a login whose lock another process holds', () => {
  it('ends by Ctrl-C, and blames nobody', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const before = sandbox.readCredential()
    const login = await sandbox.beginLogin()
    const letGo = await holdLock(sandbox, lockFile(sandbox))
    const page = agree(login)
    await waitFor(() => login.stderr().includes('Another spotify-auth'))
    const startedAt = Date.now()
    login.child.kill('SIGINT')
    expect(await login.outcome).toMatchObject({ code: 130 })
    expect(Date.now() - startedAt).toBeLessThan(1_500)
    const { text } = await page
    expect(text).toContain('ended in the terminal')
    expect(text).not.toContain('Spotify did not')
    expect(sandbox.readCredential()).toEqual(before)
    letGo()
  })
})
