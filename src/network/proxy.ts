import { EnvHttpProxyAgent, request } from 'undici'

interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** Sends requests through the proxy that the environment names, but for what NO_PROXY excepts. */
export function openProxy() {
  const dispatcher = new EnvHttpProxyAgent({ pipelining: 0 })
  return async (url: URL, { method, headers, body }: Sent, ended: Promise<never>) => {
    const controller = new AbortController()
    ended.catch((reason) => controller.abort(reason))
    const { signal } = controller
    const response = await request(url, { method: method as 'GET', headers, body, signal, dispatcher })
    return { status: response.statusCode, headers: response.headers, body: response.body }
  }
}
