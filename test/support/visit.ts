import http from 'node:http'
import { text } from 'node:stream/consumers'

export interface Visited {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

/** Requests a URL as plainly as curl does; the global `fetch` calls itself a script (`Sec-Fetch-Mode: cors`). */
export async function visit(url: string | URL, options: http.RequestOptions = {}): Promise<Visited> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http
      .request(url, { agent: false, ...options }, resolve)
      .once('error', reject)
      .end()
  })
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) }
}
