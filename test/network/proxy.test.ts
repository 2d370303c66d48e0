import { once } from 'node:events'
import http from 'node:http'
import type net from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'

/** A proxy that answers nothing and notes what it was asked for. */
async function startProxy() {
  const asked: string[] = []
  const proxy = http.createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(502).end()
  })
  proxy.on('connect', (request, socket: net.Socket) => {
    asked.push(request.url ?? '')
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    close: () => proxy.close(),
  }
}

const variables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()])

/** Runs command lines in the process of the tests, which is where undici looks for the proxy that they are told. */
const behindProxy =
  (sandbox: Sandbox) =>
  async (args: string[], { env }: { env: Record<string, string> }) => {
    for (const name of variables) vi.stubEnv(name, env[name])
    try {
      return await runInProcess(sandbox, args, { env })
    } finally {
      vi.unstubAllEnvs()
    }
  }

it.for(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'])(
  'with %s an address on this computer is asked directly',
  async (variable, { sandbox, standIn }) => {
    const proxy = await startProxy()
    await sandbox.logIn(standIn)
    standIn.playback = track
    const env = { [variable]: proxy.url }
    const run = variable === 'HTTP_PROXY' ? sandbox.run : behindProxy(sandbox)
    expect(await run(['token', '--refresh'], { env })).toMatchObject({ code: 0, stderr: '' })
    expect(await run(['now-playing'], { env })).toMatchObject({ code: 0, stderr: '' })
    proxy.close()
    expect(proxy.asked).toEqual([])
  },
)

it.for([
  ['https://localhost:1/v1', []],
  ['https://api.localhost:1/v1', []],
  ['https://127.8.8.8:1/v1', []],
  ['https://[::1]:1/v1', []],
  ['https://api.example:1/v1', ['api.example:1']],
  ['https://localhost.example:1/v1', ['localhost.example:1']],
  ['https://127.0.0.1.example:1/v1', ['127.0.0.1.example:1']],
] as const)('%s goes through the proxy: %j', async ([address, asked], { sandbox, standIn }) => {
  const proxy = await startProxy()
  await sandbox.logIn(standIn)
  const env = { SPOTIFY_API_URL: address, HTTPS_PROXY: proxy.url }
  const run = /\/localhost:|api\.example/.test(address) ? sandbox.run : behindProxy(sandbox)
  const { code, stderr } = await run(['now-playing'], { env })
  proxy.close()
  expect(code).toBe(6)
  expect(stderr.includes('through your proxy')).toBe(asked.length > 0)
  expect(proxy.asked).toEqual(asked)
})
