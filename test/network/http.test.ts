import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createRequest } from '../../src/network/http.ts'

const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(listener: http.RequestListener): Promise<{ url: string; server: http.Server }> {
  const server = http.createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

const request = createRequest({})

it('returns status, headers and body, whatever the status', async () => {
  const { url } = await serve((_, response) =>
    response.writeHead(418, { 'x-tea': 'yes' }).end('short and stout'),
  )
  expect(await request(url)).toMatchObject({
    status: 418,
    headers: { 'x-tea': 'yes' },
    body: 'short and stout',
  })
})

it('does not follow a redirect', async () => {
  const { url } = await serve((_, response) =>
    response.writeHead(302, { location: 'https://evil.example' }).end(),
  )
  expect(await request(url)).toMatchObject({ status: 302 })
})

it('sends the body whole', async () => {
  const { url } = await serve(async (received, response) => {
    let text = ''
    for await (const chunk of received) text += chunk
    response.end(`${received.method} ${received.headers['content-length']} ${text}`)
  })
  expect(await request(url, { method: 'POST', body: 'é=1' })).toMatchObject({ body: 'POST 4 é=1' })
})

describe('throws `network`', () => {
  it.each([
    ['nobody listens', async () => 'http://127.0.0.1:1', {}],
    ['no headers ever come', async () => (await serve(() => {})).url, { timeoutMs: 200 }],
    [
      'the body trickles past the deadline',
      async () => {
        const drip = (_: unknown, response: http.ServerResponse) => {
          const timer = setInterval(() => response.write('.'), 50)
          response.once('close', () => clearInterval(timer))
        }
        return (await serve(drip)).url
      },
      { timeoutMs: 300 },
    ],
    [
      'the connection is reset',
      async () => (await serve((received) => received.socket.resetAndDestroy())).url,
      {},
    ],
    [
      'the body ends too early',
      async () =>
        (
          await serve((_, response) =>
            response.writeHead(200, { 'content-length': '9' }).write('ab', () => response.destroy()),
          )
        ).url,
      {},
    ],
    [
      'the body is too long',
      async () => (await serve((_, response) => response.end('x'.repeat(2_000)))).url,
      { maxBytes: 1_000 },
    ],
  ])('when %s', async (_, start, options) => {
    const url = await start()
    const startedAt = Date.now()
    await expect(request(url, options)).rejects.toMatchObject({ code: 'network', hint: expect.any(String) })
    expect(Date.now() - startedAt).toBeLessThan(2_000)
  })
})

describe('an idle connection', () => {
  /** A server that answers the first request of each connection, and does something else with the second. */
  async function serveOncePerConnection(second: (socket: net.Socket) => void) {
    const requests: string[] = []
    const server = net.createServer((socket) => {
      let count = 0
      socket.on('error', () => {})
      socket.on('data', (data) => {
        requests.push(`${data}`.split(' ')[0] ?? '')
        if (++count > 1) return second(socket)
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      requests,
      send: createRequest({}),
    }
  }

  it.each([
    ['is reset', (socket: net.Socket) => socket.resetAndDestroy()],
    ['is closed', (socket: net.Socket) => socket.end()],
  ])('that %s when it is used again: a GET is sent on another one', async (_, second) => {
    const { url, requests, send } = await serveOncePerConnection(second)
    await send(url)
    expect(await send(url)).toMatchObject({ status: 200, body: 'ok' })
    expect(requests).toEqual(['GET', 'GET', 'GET'])
  })

  it.each(['POST', 'PUT'])('that is reset when it is used again: a %s is not sent twice', async (method) => {
    const { url, requests, send } = await serveOncePerConnection((socket) => socket.resetAndDestroy())
    await send(url)
    await expect(send(url, { method, body: 'grant_type=refresh_token' })).rejects.toMatchObject({
      code: 'network',
    })
    expect(requests).toEqual(['GET', method])
  })

  it.each([
    ['is reset', (socket: net.Socket) => socket.resetAndDestroy()],
    ['sends what is no HTTP', (socket: net.Socket) => socket.write('what is no HTTP\r\n')],
  ])('that %s in the middle of an answer: a GET is not sent again', async (_, end) => {
    const { url, requests, send } = await serveOncePerConnection((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n', () =>
        setTimeout(() => end(socket), 100),
      )
    })
    await send(url)
    await expect(send(url)).rejects.toMatchObject({ code: 'network' })
    await sleep(100)
    expect(requests).toEqual(['GET', 'GET'])
  })

  it('that does not answer any more: a GET that is out of time is not sent again', async () => {
    const { url, requests, send } = await serveOncePerConnection(() => {})
    await send(url)
    await expect(send(url, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'network' })
    await sleep(100)
    expect(requests).toEqual(['GET', 'GET'])
  })

  it('is closed after 45 seconds', async () => {
    const { url, send } = await serveOncePerConnection(() => {})
    const agents: http.Agent[] = []
    const note = (message: unknown) =>
      agents.push((message as { request: { agent: http.Agent } }).request.agent)
    subscribe('http.client.request.start', note)
    await send(url).finally(() => unsubscribe('http.client.request.start', note))
    const idle = () => agents.flatMap(({ freeSockets }) => Object.values(freeSockets).flat())
    await expect.poll(() => idle().map((socket) => socket?.timeout)).toEqual([45_000])
  })
})

it('goes through a proxy when the environment names one', async () => {
  const { url } = await serve((_, response) => response.end('through'))
  const { url: proxyUrl, server: proxy } = await serve((_, response) => response.writeHead(500).end())
  const tunnels: string[] = []
  proxy.on('connect', (received: http.IncomingMessage, socket: net.Socket) => {
    tunnels.push(received.url ?? '')
    const { hostname, port } = new URL(url)
    const upstream = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  process.env.HTTP_PROXY = proxyUrl
  try {
    const far = 'http://far.invalid:80/'
    expect(await createRequest(process.env)(far)).toMatchObject({ status: 200, body: 'through' })
    expect(tunnels).toEqual(['far.invalid:80'])
    process.env.NO_PROXY = 'far.invalid'
    await expect(createRequest(process.env)(far)).rejects.toMatchObject({ code: 'network' })
    expect(tunnels).toHaveLength(1)
  } finally {
    delete process.env.HTTP_PROXY
    delete process.env.NO_PROXY
  }
})
