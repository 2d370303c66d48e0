import { once } from 'node:events'
import http, { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Front {
  address: string
  /** The servers behind it. */
  servers: { address: string }[]
  close(): Promise<void>
}

/** One address for several servers, each of which gets the next request; 502 where it does not answer. */
export async function startFront(): Promise<Front> {
  let next = 0
  const front = createServer((request, response) => {
    const { url, method, headers } = request
    const { address } = servers[next++ % servers.length] ?? { address: '' }
    const onward = http.request(`${address}${url}`, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.once('error', () => response.writeHead(502).end())
    request.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  const servers: Front['servers'] = []
  return {
    address: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    servers,
    async close() {
      const closed = once(front, 'close')
      front.close()
      front.closeAllConnections()
      await closed
    },
  }
}
