import http from 'node:http'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { visit } from '../support/visit.ts'

it('a login ends within a second after its page', async ({ sandbox }) => {
  const { answer, outcome } = await sandbox.beginLogin()
  const page = await visit(await answer('agree'))
  const showedAt = Date.now()
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('All set!') })
  expect(await outcome).toMatchObject({ code: 0 })
  expect(Date.now() - showedAt).toBeLessThan(1_000)
})

// No other test can log in on the default port meanwhile.
it('does not open the browser when port 3000, the default, is in use', async ({ sandbox, standIn }) => {
  // Where something else has the port already, it does the same.
  const occupant = http
    .createServer()
    .on('error', () => {})
    .listen(3000, '127.0.0.1')
  await new Promise((resolve) => occupant.once('listening', resolve).once('error', resolve))
  const outcome = await sandbox.run(['login'])
  occupant.close()
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('127.0.0.1:3000 is in use') })
  expect(sandbox.wasBrowserOpened()).toBe(false)
  expect(standIn.requests).toEqual([])
})
