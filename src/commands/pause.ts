import { SpotifyAuthError } from '../errors.ts'
import type { Change } from '../now-playing/playback-cache-changes.ts'
import { viewAt } from '../now-playing/view.ts'
import type { Playback } from '../web-api/playback.ts'
import { controlPlayer } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { controlCommand } from './control-command.ts'

export const pauseCommand = controlCommand({
  name: 'pause',
  summary: 'pause what is playing',
  flags: {},
  examples: [['spotify-auth pause', 'pause what is playing']],
  run: pauseIfPlaying,
})

/** Pauses; that something is paused already is no error, because scripts pause without looking first. */
export async function pauseIfPlaying(api: WebApi): Promise<Change | undefined> {
  try {
    await controlPlayer(api, 'PUT /me/player/pause')
    return pauseAt
  } catch (error) {
    if (!(error instanceof SpotifyAuthError) || error.reason !== 'ALREADY_PAUSED') throw error
    return undefined
  }
}

function pauseAt(playback: Playback, nowMs: number): Playback | undefined {
  if (playback.state !== 'playing') return undefined
  return { ...playback, progressMs: viewAt(playback, nowMs).progressMs, state: 'paused' }
}
