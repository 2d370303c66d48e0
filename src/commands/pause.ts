import { SpotifyAuthError } from '../errors.ts'
import { pause } from '../web-api/player.ts'
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
async function pauseIfPlaying(api: WebApi): Promise<void> {
  try {
    await pause(api)
  } catch (error) {
    if (!(error instanceof SpotifyAuthError) || error.reason !== 'ALREADY_PAUSED') throw error
  }
}
