import { track } from '../test/support/fixtures.ts'
import { type StandIn, startStandIn } from '../test/support/stand-in.ts'
import type { Rotation } from './figures.ts'

export type Request = StandIn['requests'][number]
export type Fault = Parameters<StandIn['fault']>[1]

const tokenRoute = 'POST /api/token'
const kept = 40

/** A stand-in for Spotify that runs for hours: it asks at each token request what is to go wrong with it. */
export interface Spotify {
  port(): number
  /** Token requests since the last restart. */
  tokenRequests(): number
  /** The last requests, for a report. */
  recent(): string[]
  /** Forgets every token, which it would keep for ever; nothing may be under way. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function startSpotify(
  rotation: Rotation,
  onTokenRequest: (request: Request) => Fault,
): Promise<Spotify> {
  let tokenRequests = 0
  const arrivals = new Map<Request, number>()
  const start = async () => {
    // The shortest life that the program takes for fresh: nearly every command renews.
    const standIn = await startStandIn({ rotation, accessTokenSeconds: 61 })
    standIn.playback = track
    const { requests } = standIn
    // The list is pushed to before the request's fault is looked up.
    requests.push = (request) => {
      if (`${request.method} ${request.path}` === tokenRoute) {
        tokenRequests++
        standIn.fault(tokenRoute, onTokenRequest(request))
      }
      arrivals.set(request, Date.now())
      const [oldest] = arrivals.keys()
      if (arrivals.size > kept && oldest) arrivals.delete(oldest)
      return 0
    }
    return standIn
  }
  let standIn = await start()
  return {
    port: () => Number(new URL(standIn.accountsUrl).port),
    tokenRequests: () => tokenRequests,
    recent: () => [...arrivals].map(([request, ms]) => describe(request, ms)),
    async restart() {
      await standIn.close()
      tokenRequests = 0
      standIn = await start()
    },
    close: () => standIn.close(),
  }
}

function describe({ method, path, headers, form, status }: Request, ms: number): string {
  const token = form.get('refresh_token')
  const what = token ? ` with ${shortened(token)}` : ''
  return `${clock(ms)} ${headers.host} ${method} ${path}${what}: ${status ?? 'no answer'}`
}

/** Enough of a token of the stand-in to tell it from another. */
export function shortened(token: string): string {
  return `${token.slice(0, 6)}…`
}

export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23)
}
