import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What goes wrong with one answer. */
export interface Fault {
  /** Answers this (or, with a body alone, 200) instead of asking the real handler. */
  status?: number
  headers?: Record<string, string>
  body?: string | object
  /** Waits before anything else happens. */
  delayMs?: number
  /** Resets the connection. */
  reset?: boolean
  /** Never answers. */
  hang?: boolean
  /** Sends these bytes instead of an answer, and leaves the connection open. */
  raw?: string
  /** Sends the body one byte per that many milliseconds. */
  trickleMs?: number
  /** Lets the real handler answer and then changes its JSON body. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of the answer that it bends
  transform?: (json: any) => unknown
}

/** Bends what will be sent through `res.end`, whoever calls it. */
export function bend(res: ServerResponse, { headers = {}, trickleMs, transform }: Fault): void {
  const end = res.end.bind(res)
  res.end = ((chunk: string | Buffer = '') => {
    let body = Buffer.from(chunk)
    if (transform) body = Buffer.from(JSON.stringify(transform(JSON.parse(body.toString()))))
    if (body.length > 0) res.setHeader('content-length', body.length)
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    if (trickleMs === undefined) return end(body)
    void trickle(res, body, trickleMs).then(() => end())
    return res
  }) as typeof res.end
}

async function trickle(res: ServerResponse, body: Buffer, ms: number): Promise<void> {
  for (const byte of body) {
    if (res.destroyed) return
    res.write(Buffer.of(byte))
    await sleep(ms, undefined, { ref: false })
  }
}
