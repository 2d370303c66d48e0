import type { Agent } from 'node:http'
import type { Readable } from 'node:stream'

/** One request; the body is sent as it is. */
interface HttpRequest {
  method?: string
  headers?: Record<string, string>
  body?: string
  /** The most that the response's body may hold, in bytes. */
  maxBytes?: number
  /** How long everything may take, from the connection to the last byte. */
  timeoutMs?: number
  /** Ends the request at once; its reason is then thrown. */
  signal?: AbortSignal
}

/** A whole response. */
export interface HttpResponse {
  /** The status code. */
  status: number
  /** By lower-case name. */
  headers: Record<string, string | string[] | undefined>
  /** The text of the body; empty where there is none. */
  body: string
}

/**
 * Sends one request and reads the whole response, whatever its status; redirects are not followed.
 * Throws `network` when no whole response came in time.
 */
export type Request = (url: string, request?: HttpRequest) => Promise<HttpResponse>

/** Sends a request; the rejection of `ended` ends it at once, and nobody waits for what becomes of it then. */
type Transport = (
  url: URL,
  request: HttpRequest,
  ended: Promise<never>,
) => Promise<{ status: number; headers: HttpResponse['headers']; body: Readable }>

const userAgent = 'spotify-auth (https://www.npmjs.com/package/spotify-auth-cli)'

/** Makes the function that sends every request of the program. `log` receives one line per request, without secrets. */
export function createRequest(
  env: Record<string, string | undefined>,
  log?: (line: string) => void,
): Request {
  // One connection to a host serves all requests of a command; an idle one does not keep the process.
  const agents = new Map<string, Agent>()
  let throughProxy: Promise<Transport> | undefined
  return async (address, request = {}) => {
    const url = new URL(address)
    const { timeoutMs = 10_000, maxBytes = 4 * 1024 * 1024 } = request
    const isProxied = usesProxy(env, url)
    const startedAt = Date.now()
    const told = () => `${request.method ?? 'GET'} ${url.origin}${url.pathname}`
    request.signal?.throwIfAborted()
    // Node does not report all that a server can do to a request, so this ends it, and not an error event. An
    // AbortController would do the same, but takes long to load.
    let end: (reason: unknown) => void = () => {}
    const ended = new Promise<never>((_, reject) => {
      end = reject
    })
    const stop = () => end(request.signal?.reason)
    request.signal?.addEventListener('abort', stop)
    const late = () => end(new Error(`no whole answer within ${timeoutMs / 1000} s`))
    // A response may have arrived while the process was stopped or the machine asleep: it gets a moment to be read.
    let timer = setTimeout(() => {
      timer = setTimeout(late, 100)
    }, timeoutMs)
    const exchange = async () => {
      if (isProxied) throughProxy ??= import('./proxy.ts').then(({ openProxy }) => openProxy())
      const transport = (isProxied && (await throughProxy)) || nodeTransport(url, agents)
      request.signal?.throwIfAborted()
      const headers = { 'user-agent': userAgent, accept: 'application/json', ...request.headers }
      const response = await transport(url, { ...request, headers }, ended)
      return { ...response, body: await readBody(response.body, maxBytes) }
    }
    try {
      const response = await Promise.race([exchange(), ended])
      log?.(`${told()} ${response.status} ${Date.now() - startedAt} ms`)
      return response.status < 400
        ? response
        : (await import('../untrusted/conceal.ts')).conceal(response, request)
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason
      const { describe, networkError } = await import('./network-error.ts')
      log?.(`${told()} failed: ${describe(error)}`)
      throw networkError(url.host, isProxied, error)
    } finally {
      clearTimeout(timer)
      request.signal?.removeEventListener('abort', stop)
    }
  }
}

function readBody(body: Readable, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    body.on('error', reject)
    body.on('end', () => {
      const [first] = chunks
      // Mostly there is one, and what joins them takes long to load.
      resolve((first && chunks.length === 1 ? first : Buffer.concat(chunks)).toString())
    })
    // `for await` over a stream says the same, but takes long to load.
    body.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      chunks.push(chunk)
      if (size > maxBytes) body.destroy(new Error(`the answer is longer than ${maxBytes} bytes`))
    })
  })
}

/** How long a connection may be idle and still be used: not so long that a router or a load balancer has forgotten it. */
const idleMs = 45_000

function nodeTransport({ protocol }: URL, agents: Map<string, Agent>): Transport {
  const { Agent, request: start } = process.getBuiltinModule(
    protocol === 'https:' ? 'node:https' : 'node:http',
  )
  const agent = agents.get(protocol) ?? new Agent({ keepAlive: true, timeout: idleMs })
  agents.set(protocol, agent)
  const send: Transport = (url, sent, ended) =>
    new Promise((resolve, reject) => {
      const { method, headers, body } = sent
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const request = start(url, { method, headers: { ...headers, ...length }, agent })
      let isEnded = false
      let isAnswered = false
      ended.catch((reason) => {
        isEnded = true
        request.destroy(reason)
      })
      request.on('error', (error) => {
        // The server may have closed an idle connection just when this request was sent on it. Nobody knows whether it
        // has acted on the request, so only one that changes nothing is sent again (RFC 9110, 9.2.2).
        const isRepeatable = request.method === 'GET' && request.reusedSocket && !isEnded && !isAnswered
        if (isRepeatable) resolve(send(url, sent, ended))
        else reject(error)
      })
      // Where a server upgrades the connection without being asked, Node closes it and emits nothing else.
      request.on('close', () => {
        if (!isAnswered) reject(new Error('closed without an answer'))
      })
      request.on('response', (response) => {
        isAnswered = true
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response })
      })
      request.end(body)
    })
  return send
}

/** Whether a request goes through a proxy: one to this computer never does. */
function usesProxy(env: Record<string, string | undefined>, { hostname }: URL): boolean {
  const hasProxy = env.HTTP_PROXY || env.http_proxy || env.HTTPS_PROXY || env.https_proxy
  return Boolean(hasProxy) && !/^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/.test(hostname)
}
