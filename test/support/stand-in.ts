import { once } from 'node:events'
import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Provider } from 'oidc-provider'
import { otherListener, publicApp, scopes } from './cast.ts'
import { bend, type Fault } from './faults.ts'
import { createAuthorizationServer, issueTokens, type Rotation } from './stand-in/authorization-server.ts'
import { countQuotas, type Quotas } from './stand-in/quotas.ts'
import { answerApi } from './stand-in/web-api.ts'
import { createLibrary } from './stand-in-library.ts'
import { createPlayer, type Listening } from './stand-in-player.ts'

export { confidentialApp, listener, publicApp } from './cast.ts'

/** How the stand-in starts out. */
export interface StandInOptions {
  port?: number
  rotation?: Rotation
  accessTokenSeconds?: number
  redirectUris?: string[]
  /** Serves by HTTPS, with this certificate and its key. */
  tls?: { cert: Buffer; key: Buffer }
  /** Such as `{ catalogue: 100 }`: an app's requests of that family which come after so many get a 429 of almost a day. */
  quotas?: Quotas
  /** Is told of each request when it has arrived, before its fault is looked up: it may queue one for it. */
  onRequest?(request: RecordedRequest): void
}

/** A request as it arrived; `status` is there once it has been answered. */
export interface RecordedRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: string
  form: URLSearchParams
  /** When it arrived, by a clock that only goes forward. */
  atMs: number
  /** The port that it came from: the same for all requests of one connection. */
  clientPort: number | undefined
  status?: number
}

/** A running stand-in for Spotify: accounts server and Web API on one port. What it plays and keeps, it does for the first account. */
export interface StandIn extends Listening {
  accountsUrl: string
  apiUrl: string
  env: { SPOTIFY_ACCOUNTS_URL: string; SPOTIFY_API_URL: string }
  /** Every request in the order of arrival. */
  requests: RecordedRequest[]
  requestsTo(route: string): RecordedRequest[]
  /** Queues faults for a route such as `POST /api/token`; each is used up by one request. */
  fault(route: string, ...faults: Fault[]): void
  rotation: Rotation
  /** The same of the other account. */
  other: Listening
  issue(options?: {
    scope?: string
    clientId?: string
    expiresIn?: number
  }): Promise<{ access_token: string; refresh_token: string; scope: string }>
  close(): Promise<void>
}

const defaultRedirectUris = [
  'http://127.0.0.1:3000/callback',
  'http://127.0.0.1/callback',
  'http://[::1]/callback',
  'https://login.example/callback',
]

/** Starts a stand-in for Spotify on 127.0.0.1. */
export async function startStandIn({
  port = 0,
  rotation = 'none',
  accessTokenSeconds = 3600,
  redirectUris = defaultRedirectUris,
  tls,
  quotas = {},
  onRequest,
}: StandInOptions = {}): Promise<StandIn> {
  // Longer than any test waits: a request on a connection that is being closed at that moment would be reset.
  const keepAliveTimeout = 120_000
  const server = tls ? createSecureServer({ ...tls, keepAliveTimeout }) : createServer({ keepAliveTimeout })
  const url = `${tls ? 'https' : 'http'}://${await listen(server, port)}`
  const faults = new Map<string, Fault[]>()
  const standIn: StandIn = {
    accountsUrl: url,
    apiUrl: `${url}/v1`,
    env: { SPOTIFY_ACCOUNTS_URL: url, SPOTIFY_API_URL: `${url}/v1` },
    requests: [],
    requestsTo: (route) => standIn.requests.filter((request) => routeOf(request) === route),
    fault: (route, ...more) => void faults.set(route, [...(faults.get(route) ?? []), ...more]),
    playback: undefined,
    player: createPlayer(),
    library: createLibrary(),
    other: { playback: undefined, player: createPlayer(), library: createLibrary() },
    rotation,
    issue: ({
      scope = scopes.join(' '),
      clientId = publicApp.clientId,
      expiresIn = accessTokenSeconds,
    } = {}) => issueTokens(provider, { scope, clientId, expiresIn }),
    close: () => close(server),
  }
  const provider = createAuthorizationServer({
    issuer: url,
    redirectUris,
    accessTokenSeconds,
    rotation: () => standIn.rotation,
  })
  const handle = handler(standIn, provider, countQuotas(quotas))

  server.on('request', async (req, res) => {
    // A client that goes away in the middle of its request was never here.
    const body = await buffer(req).catch(() => undefined)
    if (!body) return
    const request = recorded(req, body)
    standIn.requests.push(request)
    onRequest?.(request)
    res.once('finish', () => {
      request.status = res.statusCode
    })
    const fault = faults.get(routeOf(request))?.shift() ?? {}
    if (fault.delayMs) await sleep(fault.delayMs, undefined, { ref: false })
    if (fault.hang) return
    if (fault.reset) return req.socket.resetAndDestroy()
    if (fault.raw !== undefined) return void req.socket.write(fault.raw)
    bend(res, fault)
    if (fault.status || fault.body !== undefined) send(res, fault.status ?? 200, fault.body)
    else await handle(request, again(req, body), res)
  })
  return standIn
}

function handler(standIn: StandIn, provider: Provider, count: ReturnType<typeof countQuotas>) {
  const authorize = provider.callback()
  return async (request: RecordedRequest, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { method, path, query, headers, body } = request
    if (!path.startsWith('/v1/')) return authorize(req, res)
    const asked = {
      method,
      path,
      query,
      body,
      origin: `${new URL(standIn.apiUrl).protocol}//${headers.host}`,
    }
    const listeningOf = (accountId: string) => (accountId === otherListener.id ? standIn.other : standIn)
    const answer = await answerApi(provider, headers.authorization, asked, listeningOf, count)
    for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value)
    send(res, answer.status, answer.body)
  }
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.statusCode = status
  if (body === undefined) return void res.end()
  const json = typeof body !== 'string'
  res.setHeader('content-type', json ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8')
  res.end(json ? JSON.stringify(body) : body)
}

function routeOf({ method, path }: RecordedRequest): string {
  return `${method} ${path}`
}

function recorded(req: IncomingMessage, bytes: Buffer): RecordedRequest {
  const { method = '', headers } = req
  const { pathname: path, searchParams: query } = new URL(req.url ?? '/', 'http://127.0.0.1')
  const body = bytes.toString()
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return {
    method,
    path,
    query,
    headers,
    body,
    form: new URLSearchParams(isForm ? body : ''),
    atMs: performance.now(),
    clientPort: req.socket.remotePort,
  }
}

/** The request once more, its body unread, for a handler that wants to read it. */
function again(req: IncomingMessage, body: Buffer): IncomingMessage {
  const { method, url, headers, rawHeaders, httpVersion } = req
  const copy = Object.assign(new IncomingMessage(req.socket), {
    method,
    url,
    headers,
    rawHeaders,
    httpVersion,
  })
  copy.complete = true
  copy.push(body)
  copy.push(null)
  return copy
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function close(server: Server): Promise<void> {
  // A test may have closed it already.
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
