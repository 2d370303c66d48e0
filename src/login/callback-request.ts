import { createHash, timingSafeEqual } from 'node:crypto'

type Headers = Record<string, string | string[] | undefined>

/** The callback that one login waits for. */
export interface ExpectedCallback {
  /** The redirect URI with the port that is listened on. */
  redirectUri: URL
  state: string
  issuer: string
}

/** The paths on the listener that lead to the authorize URL, each known only to whoever was given it. */
export interface Links {
  /** Of the link that the user is shown. */
  shown: string
  /** Of the link that the browser is started with: everybody on this computer can read it in the list of processes. */
  opened: string
}

export interface ReceivedRequest {
  method?: string
  url?: string
  headers: Headers
  /** By lower-case name, with every value of a header that was sent more than once. */
  headersDistinct: Record<string, string[] | undefined>
}

/** The callback's parameters; the link that was requested; or the status that turns a request away. */
export type Verdict =
  | { parameters: URLSearchParams }
  | { link: keyof Links }
  | { status: 400 | 403 | 404 | 405 | 421 }

/**
 * Is this request the answer to our login? Only a plain navigation to the exact redirect URI is looked at, and
 * `state` is compared before anything else in it is believed (RFC 6749 10.12, RFC 8252 8.9, RFC 9207).
 */
export function judgeRequest(request: ReceivedRequest, expected: ExpectedCallback, links: Links): Verdict {
  const { redirectUri } = expected
  const [path, query] = split(request.url ?? '')
  if (request.headersDistinct.host?.length !== 1) return { status: 400 }
  if (request.headers.host !== redirectUri.host) return { status: 421 }
  const link = (['shown', 'opened'] as const).find((name) => equalInConstantTime(path, links[name]))
  if (!link && path !== redirectUri.pathname) return { status: 404 }
  if (request.method !== 'GET') return { status: 405 }
  if (!isNavigation(request.headers)) return { status: 403 }
  if (link) return { link }
  const parameters = new URLSearchParams(query)
  return isOurs(parameters, expected) ? { parameters } : { status: 400 }
}

/** Whether these parameters answer our authorization request, with a code or with an error. */
export function isOurs(
  parameters: URLSearchParams,
  { state, issuer }: Pick<ExpectedCallback, 'state' | 'issuer'>,
): boolean {
  const once = (name: string) => {
    const values = parameters.getAll(name)
    return values.length === 1 && values[0] ? values[0] : undefined
  }
  const received = once('state')
  if (received === undefined || !equalInConstantTime(received, state)) return false
  if (parameters.has('iss') && once('iss') !== issuer) return false
  return parameters.has('error')
    ? once('error') !== undefined && !parameters.has('code')
    : once('code') !== undefined
}

function split(target: string): [path: string, query: string] {
  const mark = target.indexOf('?')
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
}

/** Not a prefetch, not a frame or a script of some page; browsers that say nothing of it are believed. */
function isNavigation(headers: Headers): boolean {
  const says = (name: string, expected: string) => headers[name] === undefined || headers[name] === expected
  return (
    headers.origin === undefined &&
    headers['sec-purpose'] === undefined &&
    headers.purpose === undefined &&
    says('sec-fetch-mode', 'navigate') &&
    says('sec-fetch-dest', 'document')
  )
}

function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
