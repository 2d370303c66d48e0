import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'
import type { Certificate } from './certificate.ts'

/** Serves a plain server on 127.0.0.1 by TLS as well; returns the address. */
export async function startTlsFront(url: string, { cert, key }: Certificate): Promise<string> {
  const { port } = new URL(url)
  const server = tls.createServer({ cert, key }, (outer) => {
    const inner = net.connect(Number(port), '127.0.0.1')
    outer.on('error', () => inner.destroy())
    inner.on('error', () => outer.destroy())
    outer.pipe(inner).pipe(outer)
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}
