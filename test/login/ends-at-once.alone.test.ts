import net from 'node:net'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { writeScript } from '../support/shell-script.ts'
import { visit } from '../support/visit.ts'

/** The program ends within a second from now, or from when the given time has passed. */
async function expectItEndsAtOnce<T>(outcome: Promise<T>, afterMs = 0): Promise<T> {
  const from = Date.now() + afterMs
  const ended = await outcome
  expect(Date.now() - from).toBeLessThan(1_000)
  return ended
}

describe('silent and half-sent connections do not delay the end', () => {
  it.for(['success', 'denial', 'failure', 'SIGINT', 'timeout'])(
    'by %s',
    async (way, { sandbox, standIn }) => {
      if (way === 'failure') standIn.fault('POST /api/token', { status: 500, body: '' })
      const args = way === 'timeout' ? ['--timeout', '1'] : []
      const login = await (way === 'success' || way === 'SIGINT'
        ? sandbox.beginLogin()
        : beginLoginInProcess(sandbox, args))
      const port = Number(new URL(login.redirectUri).port)
      const sockets = ['', 'GET /callback?co', 'GET /callback HTTP/1.1\r\nHost: x\r\n'].map((text) => {
        const socket = net.connect(port, '127.0.0.1').on('error', () => {})
        socket.write(text)
        return socket
      })
      await waitFor(() => sockets.every((socket) => !socket.connecting))
      if ('child' in login && way === 'SIGINT') login.child.kill('SIGINT')
      else if (way !== 'timeout') {
        const { status, text } = await visit(await login.answer(way === 'denial' ? 'cancel' : 'agree'))
        expect(status === 200 && text.includes('All set!')).toBe(way === 'success')
      }
      const { code } = await expectItEndsAtOnce(login.outcome, way === 'timeout' ? 1_000 : 0)
      expect(code === 0).toBe(way === 'success')
      expect(standIn.requestsTo('POST /api/token')).toHaveLength(/success|failure/.test(way) ? 1 : 0)
      for (const socket of sockets) socket.destroy()
    },
  )
})

it('nor does an opener of the browser that hangs', async ({ sandbox }) => {
  const login = await sandbox.beginLogin([], {
    env: { BROWSER: writeScript(sandbox, 'hanging', 'exec sleep 20') },
  })
  await visit(await login.answer('agree'))
  expect(await expectItEndsAtOnce(login.outcome)).toMatchObject({ code: 0 })
})

it.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s during the exchange ends it with exit code %i, and nothing is saved',
  async ([signal, code], { sandbox, standIn }) => {
    standIn.fault('POST /api/token', { hang: true })
    const login = await sandbox.beginLogin()
    const page = visit(await login.answer('agree'))
    await waitFor(() => standIn.requestsTo('POST /api/token').length === 1)
    login.child.kill(signal)
    const ended = expectItEndsAtOnce(login.outcome)
    expect((await page).text).toContain('It was ended in the terminal')
    expect(await ended).toMatchObject({ code, stdout: '' })
    expect(sandbox.snapshot()).toEqual({})
  },
)
