import type { MayHaveCommandLine } from '../errors.ts'
import type { HttpResponse, Request } from '../network/http.ts'
import type { RateLimits } from '../network/rate-limits.ts'

/** An app of Spotify's dashboard: with PKCE it needs no secret, and for one that has a secret both are sent. */
export interface App {
  clientId: string
  clientSecret?: string
}

/** Spotify's accounts server, or what stands in for it: all that a request to it needs. */
export interface AccountsServer {
  /** Without a slash at its end; `/authorize` and `/api/token` lie below it. */
  accountsUrl: string
  request: Request
  limits: RateLimits
  commandLine: MayHaveCommandLine
}

/** Sends a grant to the token endpoint; returns the response unread, unless it is a 429. */
export async function sendGrant(
  { accountsUrl, request, limits }: AccountsServer,
  { clientId }: App,
  grant: { headers?: Record<string, string>; body: string },
): Promise<HttpResponse> {
  await limits.respect('accounts', clientId)
  const response = await request(`${accountsUrl}/api/token`, {
    ...grant,
    method: 'POST',
    maxBytes: 64 * 1024,
  })
  if (response.status === 429) throw await limits.remember('accounts', clientId, response)
  return response
}
