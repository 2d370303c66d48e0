import { SpotifyAuthError } from '../errors.ts'
import type { Playback } from '../web-api/playback.ts'
import { controlPlayer } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { controlCommand } from './control-command.ts'
import { readRelativeValue } from './relative-value.ts'
import { nothingPlays, requirePlayer } from './require-player.ts'

export const seekCommand = controlCommand({
  name: 'seek',
  summary: 'go to a position of the track',
  arguments: {
    '<position>': { describe: 'such as 1:23 or 83, or +10 and -10 seconds from here', choices: null },
  },
  flags: {},
  examples: [
    ['spotify-auth seek 1:23', 'to a minute and 23 seconds'],
    ['spotify-auth seek -10', 'ten seconds back'],
  ],
  async run(context, _, position = '') {
    const { sign, value } = readRelativeValue(position, readSeconds)
    const ms = value * 1000
    const positionMs = sign ? await positionFromHere(context, sign * ms) : ms
    await controlPlayer(context, 'PUT /me/player/seek', { position_ms: positionMs })
    return (playback, nowMs) => moveTo(positionMs, playback, nowMs)
  },
})

/** The playback at another position as of now; beyond the end of a track comes the next one. */
function moveTo(positionMs: number, playback: Playback, nowMs: number): Playback | undefined {
  const { state, durationMs, fetchedAtMs } = playback
  if (durationMs === null || positionMs >= durationMs) return undefined
  // Where it would have been when Spotify was asked, which may be before its beginning.
  const sinceMs = state === 'playing' ? nowMs - fetchedAtMs : 0
  return { ...playback, progressMs: positionMs - sinceMs }
}

/** Reads `83`, `1:23` and `1:02:03` as seconds. */
function readSeconds(text: string): number {
  if (/^\d+(:[0-5]?\d){0,2}$/.test(text)) {
    return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  }
  throw new SpotifyAuthError('usage', 'That is not a position.', { hint: 'Such as 1:23, 83, +10 or -10.' })
}

async function positionFromHere(api: WebApi, byMs: number): Promise<number> {
  const { progressMs, durationMs } = await requirePlayer(api)
  if (progressMs === null) throw nothingPlays(api)
  return Math.max(0, Math.min(progressMs + byMs, durationMs ?? Number.POSITIVE_INFINITY))
}
