import http from 'node:http'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'

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
