import { SpotifyAuthError } from '../errors.ts'
import { getPlayerState, type PlayerState } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'

/** What the player does; throws `nothingPlays` where none is active. */
export async function requirePlayer(api: WebApi): Promise<PlayerState> {
  const state = await getPlayerState(api)
  if (state) return state
  throw nothingPlays(api)
}

/** The error for telling or changing what the player does where it does nothing. */
export function nothingPlays({ commandLine }: Pick<WebApi, 'commandLine'>): SpotifyAuthError {
  return new SpotifyAuthError('no_active_device', 'Nothing is playing on any of your devices.', {
    hint: `Start something: ${commandLine('play')}`,
  })
}
