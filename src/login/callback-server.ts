import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import type { ReceivedRequest, Verdict } from './callback-request.ts'
import { notOurs, onward, pageHeaders, type ResultPage } from './result-page.ts'

/** A listener on loopback that waits for one callback. */
export interface CallbackServer {
  port: number
  /** Resolves to the parameters of the first request that `judge` takes for the callback; all others are turned away. */
  waitFor(judge: Judge): Promise<URLSearchParams>
  /** Shows the page to whoever sent that callback, however often; resolves when it has been sent. */
  show(page: ResultPage): Promise<void>
  /** Closes the listener and every socket. */
  close(): Promise<void>
}

type Judge = (request: ReceivedRequest) => Verdict

/** Listens on a loopback address (port 0: any free one). Throws `port_in_use`. */
export async function startCallbackServer(hostname: string, port: number): Promise<CallbackServer> {
  const callback = deferred<URLSearchParams>()
  const decision = deferred<ResultPage>()
  const shown: Promise<void>[] = []
  let judge: Judge = () => ({ status: 404 })

  const limits = {
    maxHeaderSize: 16_384,
    headersTimeout: 5_000,
    requestTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
  }
  const server = http.createServer({ ...limits, keepAlive: false }, (request, response) => {
    const verdict = judge(request)
    if ('status' in verdict) {
      void send(response, notOurs(verdict.status))
    } else if ('location' in verdict) {
      void send(response, onward, { location: verdict.location })
    } else {
      callback.resolve(verdict.parameters)
      shown.push(decision.promise.then((page) => send(response, page)))
    }
  })
  server.maxConnections = 256
  await listen(server, hostname, port)

  return {
    port: (server.address() as AddressInfo).port,
    waitFor(ourJudge) {
      judge = ourJudge
      return callback.promise
    },
    async show(page) {
      decision.resolve(page)
      await Promise.all(shown)
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: http.Server, hostname: string, port: number): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, resolve)
  }).catch((cause) => {
    if (systemCode(cause) !== 'EADDRINUSE') {
      throw new SpotifyAuthError(
        'unexpected',
        `${hostname}:${port} cannot be listened on (${systemCode(cause)}).`,
        {
          hint: 'Choose another port with --port, and register its redirect URI with your app.',
          cause,
        },
      )
    }
    throw new SpotifyAuthError('port_in_use', `${hostname}:${port} is in use by another program.`, {
      hint: `End that program (or another login that waits), or use another port: --port 3001, with http://${hostname}:3001/callback registered in https://developer.spotify.com/dashboard.`,
      cause,
    })
  })
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function deferred<T>() {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Resolves when the page has left, or its reader has. */
function send(
  response: http.ServerResponse,
  { status, html }: ResultPage,
  more: { location?: string } = {},
): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve)
    response.writeHead(status, { ...pageHeaders, ...more, connection: 'close' })
    response.end(html)
  })
}
