import { track } from './fixtures.ts'
import type { Sandbox } from './sandbox.ts'
import type { StandIn } from './stand-in.ts'

/** What `now-playing` asks of Spotify. */
export const player = 'GET /v1/me/player/currently-playing'

/** How often Spotify has been asked what plays. */
export function timesAsked(standIn: StandIn): number {
  return standIn.requestsTo(player).length
}

/** For `it.beforeEach`: somebody is logged in and hears a track. */
export async function hearATrack({ sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn }) {
  standIn.playback = track
  await sandbox.logIn(standIn)
}

/** Goes on with a track of that name. */
export function playNext(standIn: StandIn, name: string): void {
  standIn.playback = { ...track, item: { ...track.item, name } }
}

/** What `now-playing` prints of that track where it says it in one line. */
export const line = 'Marisol Vantreight, Claude Debussy - Clair de lune\n'
