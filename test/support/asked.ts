import type { StandIn } from './stand-in.ts'

/** Every request that Spotify has got, readable: `PUT /v1/me/player/seek?position_ms=83000`, then the body if any. */
export function asked({ requests }: Pick<StandIn, 'requests'>): string[] {
  return requests.map(({ method, path, query, body }) => {
    const words = [...query].map(([name, value]) => `${name}=${value}`).join('&')
    return `${method} ${path}${words && `?${words}`}${body && ` ${body}`}`
  })
}
