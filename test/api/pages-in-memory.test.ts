import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect } from 'vitest'
import { it as plain } from '../support/fixture.ts'
import { logIn, paginate, settled, success, values } from '../support/pages-printed.ts'

const pages = 120
const numbers = Array.from({ length: pages * 50 }, (_, index) => index + 1)

/** A Web API whose `/big` has pages of 200 kB; the sandbox's environment names it. */
const it = plain.extend<{ server: http.Server & { requests: number } }>({
  server: async ({ sandbox, standIn }, use) => {
    await logIn({ sandbox, standIn })
    const server = http.createServer((request, response) => {
      counted.requests++
      const { origin, searchParams } = new URL(request.url ?? '', `http://${request.headers.host}`)
      const start = Number(searchParams.get('start') ?? 0)
      const items = numbers.slice(start, start + 50).map((number) => ({ number, text: 'x'.repeat(4_000) }))
      const next = start + 50 < numbers.length ? `${origin}/v1/big?start=${start + 50}` : null
      response.end(JSON.stringify({ items, next }))
    })
    const counted = Object.assign(server, { requests: 0 })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    sandbox.env.SPOTIFY_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    await use(counted)
    server.close()
    server.closeAllConnections()
  },
})

describe('big pages', { timeout: 60_000 }, () => {
  it('by the hundred go through less memory than they take', async ({ sandbox, server }) => {
    sandbox.env.NODE_OPTIONS = '--max-old-space-size=16'
    const { stdout, ...rest } = await paginate(sandbox, '/big')
    expect(rest).toEqual(success)
    expect(values(stdout).map(({ number }) => number)).toEqual(numbers)
    expect(server.requests).toBe(pages)
  })

  it('arrive whole at a slow reader, though the server closes the connection meanwhile', async ({
    sandbox,
    server,
  }) => {
    const last = numbers.slice(-1_000)
    const { child, outcome } = sandbox.start([
      'api',
      '--paginate',
      `/big?start=${numbers.length - last.length}`,
    ])
    child.stdout?.pause()
    await settled(() => server.requests)
    expect(server.requests).toBeLessThan(20)
    server.closeIdleConnections()
    child.stdout?.resume()
    const { stdout, ...rest } = await outcome
    expect(rest).toEqual(success)
    expect(values(stdout).map(({ number }) => number)).toEqual(last)
  })
})
