import { type Context, commandLine } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { forgetPlayback } from '../now-playing/playback-cache.ts'
import { sanitize } from '../terminal/sanitize.ts'
import { pause, playerState, seekTo, setVolume, skipToNext, skipToPrevious } from '../web-api/player.ts'
import type { Command } from './command.ts'

export const pauseCommand = simple('pause', 'pause what is playing', pauseIfPlaying)
export const nextCommand = simple('next', 'go to the next track', skipToNext)
export const previousCommand = simple('previous', 'go back to the previous track', skipToPrevious)

export const seekCommand: Command = {
  name: 'seek',
  summary: 'go to a position of the track',
  arguments: { '<position>': 'such as 1:23 or 83, or +10 and -10 seconds from here' },
  flags: {},
  examples: [
    ['spotify-auth seek 1:23', 'to a minute and 23 seconds'],
    ['spotify-auth seek -10', 'ten seconds back'],
  ],
  async run(context: Context, _: unknown, position = '') {
    const { sign, value } = readChange(position, readSeconds)
    const ms = value * 1000
    await seekTo(context, sign ? await from(context, sign * ms) : ms)
    forgetPlayback(context)
  },
}

export const volumeCommand: Command = {
  name: 'volume',
  summary: 'print or set the volume',
  arguments: { '[level]': '0 to 100, or +10 and -10 from here' },
  flags: {},
  examples: [
    ['spotify-auth volume', 'print it'],
    ['spotify-auth volume +10', 'louder'],
  ],
  async run(context: Context, _: unknown, level?: string) {
    if (level === undefined) return context.stdout.write(`${await volumeOf(context)}\n`)
    const { sign, value } = readChange(level, readPercent)
    if (!sign && value > 100) throw notAVolume()
    const wanted = sign ? (await volumeOf(context)) + sign * value : value
    await setVolume(context, Math.max(0, Math.min(100, wanted)))
  },
}

/** A script that pauses before it locks the screen does not care whether something was playing. */
async function pauseIfPlaying(context: Context): Promise<void> {
  try {
    await pause(context)
  } catch (error) {
    if (!(error instanceof SpotifyAuthError) || error.cause !== 'ALREADY_PAUSED') throw error
  }
}

function simple(name: string, summary: string, act: (context: Context) => Promise<void>): Command {
  return {
    name,
    summary,
    flags: {},
    examples: [[`spotify-auth ${name}`, summary]],
    async run(context: Context) {
      await act(context)
      forgetPlayback(context)
    },
  }
}

/** `+10`, `-10` or a plain value, for which the sign is 0. */
function readChange(text: string, read: (text: string) => number): { sign: -1 | 0 | 1; value: number } {
  if (text.startsWith('+')) return { sign: 1, value: read(text.slice(1)) }
  return text.startsWith('-') ? { sign: -1, value: read(text.slice(1)) } : { sign: 0, value: read(text) }
}

/** `83`, `1:23` and `1:02:03` in seconds. */
function readSeconds(text: string): number {
  if (/^\d+(:[0-5]?\d){0,2}$/.test(text)) {
    return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  }
  throw new SpotifyAuthError('usage', 'That is not a position.', { hint: 'Such as 1:23, 83, +10 or -10.' })
}

function readPercent(text: string): number {
  const value = /^(\d+)%?$/.exec(text)?.[1]
  if (value !== undefined) return Number(value)
  throw notAVolume()
}

function notAVolume(): SpotifyAuthError {
  return new SpotifyAuthError('usage', 'That is not a volume.', { hint: '0 to 100, or such as +10 and -10.' })
}

async function from(context: Context, ms: number): Promise<number> {
  const { progressMs, durationMs } = (await playerState(context)) ?? {}
  if (progressMs === undefined || progressMs === null) throw notPlaying(context)
  return Math.max(0, Math.min(progressMs + ms, durationMs ?? Number.POSITIVE_INFINITY))
}

async function volumeOf(context: Context): Promise<number> {
  const { device } = (await playerState(context)) ?? {}
  if (!device) throw notPlaying(context)
  if (device.volumePercent !== null) return device.volumePercent
  throw new SpotifyAuthError('forbidden', `${sanitize(device.name)} does not tell its volume.`)
}

function notPlaying(context: Context): SpotifyAuthError {
  return new SpotifyAuthError('no_active_device', 'Nothing is playing on any of your devices.', {
    hint: `Start something: ${commandLine(context, 'play')}`,
  })
}
