import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { describe, expect } from 'vitest'
import { expectItWaits } from '../support/expect-login.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { shortLinkOf } from '../support/short-link.ts'
import { visit } from '../support/visit.ts'

describe.concurrent('the listener', () => {
  it('listens on its own loopback address and on no other', async ({ sandbox }) => {
    const v4 = await beginLoginInProcess(sandbox)
    const { port } = new URL(v4.redirectUri)
    for (const other of ['127.0.0.2', '[::1]']) {
      await expect(visit(`http://${other}:${port}/`)).rejects.toThrow('ECONNREFUSED')
    }
    // The port is somebody else's at the other address.
    const occupant = http.createServer((_, response) => response.end('somebody else')).listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    const taken = String((occupant.address() as AddressInfo).port)
    const v6 = await beginLoginInProcess(sandbox, [
      '--redirect-uri',
      'http://[::1]/callback',
      '--port',
      taken,
    ])
    expect(v6.redirectUri).toBe(`http://[::1]:${taken}/callback`)
    expect(await visit(`http://127.0.0.1:${taken}/`)).toMatchObject({ text: 'somebody else' })
    for (const login of [v4, v6]) {
      await visit(await login.answer('cancel'))
      await login.outcome
    }
    occupant.close()
  })

  it('does not start on a port in use: exit 1 with the address and what to do, and no browser', async ({
    sandbox,
  }) => {
    const occupant = http.createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    const { port } = occupant.address() as AddressInfo
    const outcome = await sandbox.run(['login', '--redirect-uri', `http://127.0.0.1:${port}/callback`])
    occupant.close()
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toContain(`127.0.0.1:${port} is in use`)
    expect(outcome.stderr).toContain('--port')
    expect(sandbox.wasBrowserOpened()).toBe(false)
  })

  it('of the second of two logins at once does not start, and the first is none the worse', async ({
    sandbox,
    standIn,
  }) => {
    const first = await beginLoginInProcess(sandbox)
    const second = await runInProcess(sandbox, ['login', '--redirect-uri', first.redirectUri])
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('another login that waits') })
    await expectItWaits(first, standIn)
  })

  it('drops some of 300 silent connections at once, the rest after 5 s, and takes the callback', async ({
    sandbox,
  }) => {
    const login = await beginLoginInProcess(sandbox)
    const callback = await login.answer('agree')
    const port = Number(new URL(login.redirectUri).port)
    const startedAt = Date.now()
    const sockets = Array.from({ length: 300 }, () => net.connect(port, '127.0.0.1').on('error', () => {}))
    const closed: net.Socket[] = []
    for (const socket of sockets) {
      socket.resume().write('GET /callback?x HTTP/1.1\r\nHost: x\r\n')
      socket.on('close', () => closed.push(socket))
    }
    await waitFor(() => closed.length === sockets.length)
    expect(Date.now() - startedAt).toBeGreaterThan(5_000)
    // These come later, and are told that their time is over (408).
    const told = closed.slice(closed.findIndex(({ bytesRead }) => bytesRead > 0))
    expect(told.filter(({ bytesRead }) => bytesRead === 0)).toHaveLength(0)
    expect(closed.length - told.length).toBeGreaterThanOrEqual(44)
    expect(closed.length - told.length).toBeLessThan(60)
    expect(await visit(callback)).toMatchObject({ status: 200 })
    expect(await login.outcome).toMatchObject({ code: 0 })
  })

  it('has a short link that leads to the authorize URL, and dies with the login', async ({ sandbox }) => {
    const login = await beginLoginInProcess(sandbox)
    const link = shortLinkOf(login.stderr())
    expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${new URL(login.redirectUri).port}/[\\w-]{22}$`))
    const { status, headers } = await visit(link)
    expect({ status, location: headers.location }).toEqual({ status: 302, location: login.authorizeUrl.href })
    expect((await visit(new URL('/', link))).text).not.toContain('authorize')
    await visit(await login.answer('agree'))
    await login.outcome
    await expect(visit(link)).rejects.toThrow('ECONNREFUSED')
  })

  it('shares no state, no challenge and no short link with that of another login', async ({ sandbox }) => {
    const logins = [await beginLoginInProcess(sandbox), await beginLoginInProcess(sandbox)]
    for (const name of ['state', 'code_challenge']) {
      expect(new Set(logins.map(({ authorizeUrl }) => authorizeUrl.searchParams.get(name))).size).toBe(2)
    }
    expect(new Set(logins.map(({ stderr }) => new URL(shortLinkOf(stderr())).pathname)).size).toBe(2)
    for (const login of logins) {
      await visit(await login.answer('cancel'))
      await login.outcome
    }
  })
})
