import type { Fault } from '../test/support/faults.ts'
import { track } from '../test/support/fixtures.ts'
import { type RecordedRequest, startStandIn } from '../test/support/stand-in.ts'
import type { Rotation } from './figures.ts'

const tokenRoute = 'POST /api/token'

/** A stand-in for Spotify that can run for hours. */
export interface Spotify {
  port(): number
  /** How many token requests there have been since it was last started. */
  tokenRequests(): number
  /** Forgets every token and request, which it would keep for ever; nothing may be under way. */
  restart(): Promise<void>
  close(): Promise<void>
}

interface Listeners {
  onRequest(request: RecordedRequest): void
  /** Says what is to go wrong with a token request. */
  onTokenRequest(request: RecordedRequest): Fault
}

export async function startSpotify(
  rotation: Rotation,
  { onRequest, onTokenRequest }: Listeners,
): Promise<Spotify> {
  const start = async () => {
    const started = await startStandIn({
      rotation,
      // The shortest life that the program takes for fresh: nearly every command refreshes.
      accessTokenSeconds: 61,
      onRequest(request) {
        onRequest(request)
        if (`${request.method} ${request.path}` === tokenRoute)
          started.fault(tokenRoute, onTokenRequest(request))
      },
    })
    started.playback = track
    return started
  }
  let standIn = await start()
  return {
    port: () => Number(new URL(standIn.accountsUrl).port),
    tokenRequests: () => standIn.requestsTo(tokenRoute).length,
    async restart() {
      await standIn.close()
      standIn = await start()
    },
    close: () => standIn.close(),
  }
}
