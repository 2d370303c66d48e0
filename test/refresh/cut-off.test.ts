import { describe, expect } from 'vitest'
import { expired } from '../support/credentials.ts'
import { failing, killedAtTheRename, killedAtTheWrite } from '../support/failing-calls.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { needs } from '../support/tools.ts'
import { withFileSizeLimit } from '../support/under.ts'
import { visit } from '../support/visit.ts'

const cutOff = 'an earlier refresh was cut off'

const remembered = needs('that a refresh was cut off is remembered', 'strace')
describe.skipIf(remembered.skip).concurrent(remembered.title, () => {
  it('through a refresh that fails', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    const killed = await sandbox.run(['token'], { under: killedAtTheWrite })
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    standIn.fault('POST /api/token', { status: 503, body: '' })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(cutOff),
    })
  })

  it('through a refresh for which there is no room', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    await sandbox.run(['token'], { under: killedAtTheWrite })
    const under = withFileSizeLimit(0)
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 7 })
    expect((await runInProcess(sandbox, ['token'])).stderr).toContain(cutOff)
  })
})

describe.concurrent('an answer that got lost on its way', () => {
  it('is told as such, and not as an app that was removed', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    standIn.fault('POST /api/token', { trickleMs: 300 })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
    expect((await runInProcess(sandbox, ['token', '--refresh'])).stderr).toContain(cutOff)
  })
})

const leftovers = needs('what a kill has left', 'strace')
describe.skipIf(leftovers.skip).concurrent(leftovers.title, () => {
  it('of a refresh is removed by a logout', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const killed = await sandbox.run(['token'], { under: killedAtTheRename })
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0 })
    expect(sandbox.snapshot()).toEqual({})
  })

  it('of a first login is removed by logout --all', async ({ sandbox }) => {
    // After the kind of lock has its record, it proves twice that it can save: before the browser opens, and before it saves.
    const login = await sandbox.beginLogin([], { under: failing('rename:signal=SIGKILL:when=4') })
    await visit(await login.answer('agree')).catch(() => {})
    await login.outcome
    expect(Object.keys(sandbox.snapshot())).toEqual([
      expect.stringMatching(/^default\.[0-9a-f]{16}\.[0-9a-f]{8}\.tmp$/),
    ])
    await runInProcess(sandbox, ['logout', '--all'])
    expect(sandbox.snapshot()).toEqual({})
  })
})
