import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { it } from '../support/fixture.ts'
import { holdLock } from '../support/hold-lock.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { lockFile } from '../support/refreshing.ts'
import { waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

it('a login whose lock another process holds is saved when that has ended, however long it takes', async ({
  sandbox,
  onTestFinished,
}) => {
  const login = await beginLoginInProcess(sandbox)
  const letGo = await holdLock(sandbox, lockFile(sandbox))
  const page = visit(await login.answer('agree'))
  await waitFor(() => login.stderr().includes('Another spotify-auth'))
  // By the clock of the locks a minute passes: longer than anything else waits for one.
  const now = performance.now.bind(performance)
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000)
  onTestFinished(() => clock.mockRestore())
  expect(await Promise.race([login.outcome, sleep(1_000, 'it waits')])).toBe('it waits')
  letGo()
  expect(await page).toMatchObject({ status: 200, text: expect.stringContaining('All set') })
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(sandbox.readCredential().user?.id).toBe('ada.lovelace')
})

describe.concurrent('a login whose lock another process holds', () => {
  it('waits as long as its --timeout, and then says what is in the way', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const before = sandbox.readCredential()
    const login = await sandbox.beginLogin(['--timeout', '3'])
    const letGo = await holdLock(sandbox, lockFile(sandbox))
    const startedAt = Date.now()
    const page = visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('Another spotify-auth has been changing this login'),
    })
    expect(Date.now() - startedAt).toBeGreaterThan(2_500)
    expect(Date.now() - startedAt).toBeLessThan(9_000)
    const { text } = await page
    expect(text).toContain('could not be saved')
    expect(text).not.toContain('Spotify did not')
    expect(sandbox.readCredential()).toEqual(before)
    letGo()
  })

  it('does not open the browser before it is free', async ({ sandbox }) => {
    const letGo = await holdLock(sandbox, lockFile(sandbox))
    const early = sandbox.start(['login', '--port', '0'])
    await waitFor(() => early.stderr().includes('Another spotify-auth'))
    expect(sandbox.wasBrowserOpened()).toBe(false)
    early.child.kill('SIGINT')
    expect(await early.outcome).toMatchObject({ code: 130 })
    const late = await runInProcess(sandbox, ['login', '--port', '0', '--timeout', '1'])
    expect(late).toMatchObject({ code: 6, stdout: '' })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    letGo()
  })
})
