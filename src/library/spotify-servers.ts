import { createContext } from '../context.ts'
import { createRateLimits, type RateLimits } from '../network/rate-limits.ts'
import type { AnyWebApi } from '../web-api/web-api.ts'

/** The limits of this process, by the servers that set them: a server opens sessions for many users of one app. */
const limitsOf = new Map<string, RateLimits>()

/** Spotify's servers, without any files: the process itself remembers what a 429 asks for. */
export function spotifyServers(): Omit<AnyWebApi, 'credentials'> & { accountsUrl: string } {
  const { now, accountsUrl, apiUrl, request } = createContext(process, {})
  const servers = `${accountsUrl} ${apiUrl}`
  const limits = limitsOf.get(servers) ?? createRateLimits(new Map(), now)
  limitsOf.set(servers, limits)
  return {
    accountsUrl,
    apiUrl,
    request,
    now,
    limits,
    // A login in a program's own store is none that a command could act on.
    commandLine: undefined,
  }
}
