import type { Change } from '../now-playing/playback-cache-changes.ts'
import { getCurrentlyPlaying, type Playback } from '../web-api/playback.ts'
import { requireControl } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { controlCommand } from './control-command.ts'
import { pauseIfPlaying } from './pause.ts'
import { start } from './play.ts'

export const toggleCommand = controlCommand({
  name: 'toggle',
  summary: 'pause what plays, or go on with what is paused',
  details: 'For a media key. Where nothing was playing, it does what play does off a terminal.',
  flags: {},
  examples: [['spotify-auth toggle', 'pause, and the next time go on']],
  run: toggle,
})

async function toggle(api: WebApi): Promise<Change | undefined> {
  await requireControl(api)
  const playback = await getCurrentlyPlaying(api)
  if (playback?.state === 'playing') return pauseIfPlaying(api)
  await start(api)
  return goOn
}

/** The playback as it goes on now from where it was paused. */
function goOn(playback: Playback, nowMs: number): Playback | undefined {
  const { state, progressMs, fetchedAtMs } = playback
  if (state !== 'paused' || progressMs === null) return undefined
  // Where it would have been when Spotify was asked, which may be before its beginning.
  return { ...playback, state: 'playing', progressMs: progressMs - (nowMs - fetchedAtMs) }
}
