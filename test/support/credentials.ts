import type { StandIn } from './stand-in.ts'

/** Of a login whose access token has run out. */
export const expired = () => ({ expiresAtMs: Date.now() - 1_000 })

/** Of a login whose access token is good, but to be replaced: it has less than five minutes left. */
export const soon = () => ({ expiresAtMs: Date.now() + 200_000 })

/** Every request for new tokens that the stand-in has got. */
export const refreshes = (standIn: Pick<StandIn, 'requestsTo'>) => standIn.requestsTo('POST /api/token')
