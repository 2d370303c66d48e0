import { SpotifyAuthError } from '../errors.ts'
import { fieldsOf } from '../untrusted/fields.ts'
import { sanitize } from '../untrusted/sanitize.ts'

/** The error for a request that has failed: with which server, how, and what to check. */
export function networkError(host: string, throughProxy: boolean, cause: unknown): SpotifyAuthError {
  return new SpotifyAuthError(
    'network',
    `Talking to ${host}${throughProxy ? ' through your proxy' : ''} failed: ${describe(cause)}.`,
    {
      hint: throughProxy
        ? 'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY.'
        : 'Check the connection, then try again.',
      cause,
    },
  )
}

/** How a request has failed, in a few words; some of them repeat what a server's certificate says. */
export function describe(error: unknown): string {
  const first = firstOf(error)
  return sanitize(first instanceof Error ? first.message : String(first))
}

/** Whether a request has failed because no connection could be made, so that it has reached nobody. */
export function isUnsent(error: unknown): boolean {
  const { syscall } = fieldsOf(firstOf(fieldsOf(error).cause))
  return syscall === 'connect' || syscall === 'getaddrinfo'
}

/** Both addresses of a host name failed: Node reports that without a message of its own. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : error
}
