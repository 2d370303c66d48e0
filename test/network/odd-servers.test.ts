import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { createRequest } from '../../src/network/http.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

const token = 'POST /api/token'
const expired = () => ({ expiresAtMs: Date.now() - 1_000 })

const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'
const unnamedUpgrade = 'HTTP/1.1 101 Switching Protocols\r\n\r\n'

describe('an answer that changes the protocol', () => {
  it.for([
    ['to a named one', upgrade],
    ['to none', unnamedUpgrade],
  ] as const)('%s is no token: exit 6, without delay', async ([, raw], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    standIn.fault(token, { raw })
    const startedAt = Date.now()
    const outcome = raw === upgrade ? sandbox.run(['token']) : runInProcess(sandbox, ['token'])
    expect(await outcome).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringMatching(/./),
    })
    // A silent server is waited for ten seconds.
    expect(Date.now() - startedAt).toBeLessThan(9_000)
  })

  it('ends a login with exit 6', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    standIn.fault(token, { raw: upgrade })
    void visit(await login.answer('agree')).catch(() => {})
    expect(await login.outcome).toMatchObject({ code: 6 })
  })

  it('is nothing that is playing', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const player = 'GET /v1/me/player/currently-playing'
    standIn.fault(player, { raw: upgrade }, { raw: upgrade })
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 6, stdout: '' })
  })
})

it('Ctrl-C ends a login that waits for an answer of Spotify’s', async ({ sandbox, standIn }) => {
  const login = await sandbox.beginLogin()
  standIn.fault(token, { raw: 'HTTP/1.1 103 Early Hints\r\n\r\n' })
  void visit(await login.answer('agree')).catch(() => {})
  await waitFor(() => standIn.requestsTo(token).length === 1)
  await sleep(200)
  login.child.kill('SIGINT')
  const startedAt = Date.now()
  expect(await login.outcome).toMatchObject({ code: 130 })
  expect(Date.now() - startedAt).toBeLessThan(1_500)
})

/** A server that does this with each connection. */
async function serve(treat: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('data', () => treat(socket))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe('by the deadline a request has ended, whatever the server does:', () => {
  const repeat = (socket: net.Socket, text: string) => {
    const timer = setInterval(() => socket.write(text), 20)
    socket.once('close', () => clearInterval(timer))
  }
  const head = 'HTTP/1.1 200 OK\r\n'
  it.for([
    ['it upgrades', (socket) => socket.write(upgrade)],
    ['it upgrades, and hangs up', (socket) => socket.end(upgrade)],
    ['it hangs up', (socket) => socket.end()],
    ['it hints for ever', (socket) => repeat(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n')],
    ['it sends headers for ever', (socket) => socket.write(head) && repeat(socket, 'x-more: 1\r\n')],
    ['its answer never ends', (socket) => socket.write(`${head}\r\n`) && repeat(socket, 'x')],
    ['its chunks never end', (socket) => socket.write(`${head}transfer-encoding: chunked\r\n\r\n5\r\nab`)],
    ['it stops within a status line', (socket) => socket.write('HTTP/1.1 2')],
    ['it answers something else', (socket) => socket.write('220 mail.example ESMTP\r\n')],
  ] as [string, (socket: net.Socket) => void][])('%s', { timeout: 3_000 }, async ([, treat]) => {
    const server = await serve(treat)
    const startedAt = Date.now()
    await expect(createRequest({})(server.url, { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'network',
    })
    expect(Date.now() - startedAt).toBeLessThan(1_000)
    server.close()
  })

  it('nothing, and the request is cancelled', async () => {
    const server = await serve(() => {})
    const signal = AbortSignal.timeout(100)
    await expect(createRequest({})(server.url, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    server.close()
  }, 3_000)
})
