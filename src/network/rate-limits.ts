import type { SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from './http.ts'
import { type LimitMemory, leftOf } from './limit-memory.ts'

type Server = 'accounts' | 'api'

/** The 429s that Spotify has answered an app with, and that still hold. */
export interface RateLimits {
  /** Throws `rate_limited` while an earlier 429 of that server holds for the app. */
  respect(server: Server, clientId: string): Promise<void>
  /** Remembers a 429 and returns it as an error. */
  remember(server: Server, clientId: string, response: HttpResponse): Promise<SpotifyAuthError>
}

/** Keeps to Spotify's rate limits (developer.spotify.com/documentation/web-api/concepts/rate-limits). */
export function createRateLimits(memory: LimitMemory, now: () => number): RateLimits {
  const nameOf = (server: Server, clientId: string) => `${clientId}.${server}`
  const load = () => import('./rate-limited.ts')
  return {
    async respect(server, clientId) {
      const limit = memory.get(nameOf(server, clientId))
      const leftMs = leftOf(limit, now())
      if (leftMs > 0) throw (await load()).rateLimited(leftMs, limit?.quota)
    },
    async remember(server, clientId, response) {
      const { rateLimited, readLimit } = await load()
      const name = nameOf(server, clientId)
      const nowMs = now()
      const limit = readLimit(response, nowMs)
      // Another command may have been told to wait longer meanwhile.
      const earlier = memory.get(name)
      const leftMs = leftOf(earlier, nowMs)
      const forMs = Math.max(limit.forMs, leftMs)
      const quota = limit.quota || (leftMs > 0 && earlier?.quota === true)
      await memory.set(name, { setAtMs: nowMs, forMs, quota })
      return rateLimited(forMs, quota)
    },
  }
}
