import type { SpotifyAuthError } from '../errors.ts'
import type { Asked } from './families.ts'
import type { HttpResponse } from './http.ts'
import type { LimitMemory } from './limit-memory.ts'

/** The 429s that Spotify has answered an app with, and that still hold. */
export interface RateLimits {
  /** Throws `rate_limited` while what is asked is closed for the app. */
  respect(asked: Asked, clientId: string): Promise<void>
  /** Remembers a 429 and returns it as an error. */
  remember(asked: Asked, clientId: string, response: HttpResponse): Promise<SpotifyAuthError>
}

/** Keeps to Spotify's rate limits (developer.spotify.com/documentation/web-api/concepts/rate-limits). */
export function createRateLimits(memory: LimitMemory, now: () => number): RateLimits {
  const load = () => import('./limits-of-app.ts')
  return {
    async respect(asked, clientId) {
      // Mostly there is none, and then nothing more is loaded.
      const hasAny = [...memory.keys()].some((name) => name.startsWith(`${clientId}.`))
      if (hasAny) await (await load()).respectLimits(memory, now(), asked, clientId)
    },
    remember: async (...what) => (await load()).rememberLimit(memory, now(), ...what),
  }
}
