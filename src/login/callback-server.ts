import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import type { ReceivedRequest } from './callback-request.ts'
import type { Connection } from './peer.ts'
import { withPort } from './redirect-uri.ts'
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

/** The callback's parameters; where to redirect to; or the status that turns a request away. */
export type Answer = { parameters: URLSearchParams } | { location: string } | { status: number }

type Judge = (request: ReceivedRequest & { socket: Connection }) => Answer

/** Listens on the loopback address of the redirect URI, on `port` (0: any free one). Throws `port_in_use`. */
export async function startCallbackServer(redirectUri: string, port: number): Promise<CallbackServer> {
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
  const server = createServer(limits, (request, response) => {
    const answer = judge(request)
    if ('status' in answer) {
      void send(response, notOurs(answer.status))
    } else if ('location' in answer) {
      void send(response, onward, { location: answer.location })
    } else {
      callback.resolve(answer.parameters)
      shown.push(decision.promise.then((page) => send(response, page)))
    }
  })
  server.maxConnections = 256
  await listen(server, redirectUri, port)

  return {
    port: (server.address() as AddressInfo).port,
    waitFor(ourJudge) {
      judge = ourJudge
      return callback.promise
    },
    async show(page) {
      decision.resolve(page)
      // A browser that does not take its page must not keep the program.
      await Promise.race([Promise.all(shown), sleep(500, undefined, { ref: false })])
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, redirectUri: string, port: number): Promise<void> {
  const { hostname } = new URL(redirectUri)
  const host = hostname === 'localhost' ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, '')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, resolve)
  }).catch((cause) => {
    const other = `--port ${port + 1}, with ${withPort(redirectUri, port + 1)} registered in https://developer.spotify.com/dashboard`
    if (systemCode(cause) !== 'EADDRINUSE') {
      throw new SpotifyAuthError(
        'unexpected',
        `${hostname}:${port} cannot be listened on (${systemCode(cause)}).`,
        {
          hint: `Use another port: ${other}.`,
          cause,
        },
      )
    }
    throw new SpotifyAuthError('port_in_use', `${hostname}:${port} is in use by another program.`, {
      hint: `End that program (or another login that waits), or use another port: ${other}.`,
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

/** Resolves when the page has been sent, or its connection has closed. */
function send(
  response: ServerResponse,
  { status, html }: ResultPage,
  more: { location?: string } = {},
): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve()
    response.once('close', resolve)
    response.writeHead(status, { ...pageHeaders, ...more, connection: 'close' })
    response.end(html)
  })
}
