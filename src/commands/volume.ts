import type { Command } from '../command-line/command.ts'
import { SpotifyAuthError } from '../errors.ts'
import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import { controlPlayer } from '../web-api/player.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { readRelativeValue } from './relative-value.ts'
import { nothingPlays, requirePlayer } from './require-player.ts'

export const volumeCommand: Command<{ json?: boolean }> = {
  name: 'volume',
  summary: 'print or set the volume',
  arguments: { '[level]': { describe: '0 to 100, or +10 and -10 from here', choices: null } },
  flags: {},
  examples: [
    ['spotify-auth volume', 'print it'],
    ['spotify-auth volume +10', 'louder'],
  ],
  async run(context, { json }, level?: string) {
    if (level === undefined) {
      const volume = await getVolume(context)
      return context.stdout.write(`${json ? printableJson({ volume_percent: volume }) : volume}\n`)
    }
    const { sign, value } = readRelativeValue(level, readPercent)
    if (!sign && value > 100) throw notAVolume()
    const wanted = sign ? (await getVolume(context)) + sign * value : value
    const volume_percent = Math.max(0, Math.min(100, wanted))
    await controlPlayer(context, 'PUT /me/player/volume', { volume_percent })
  },
}

function readPercent(text: string): number {
  const value = /^(\d+)%?$/.exec(text)?.[1]
  if (value !== undefined) return Number(value)
  throw notAVolume()
}

function notAVolume(): SpotifyAuthError {
  return new SpotifyAuthError('usage', 'That is not a volume.', { hint: '0 to 100, or such as +10 and -10.' })
}

async function getVolume(api: WebApi): Promise<number> {
  const { device } = await requirePlayer(api)
  if (!device) throw nothingPlays(api)
  if (device.volumePercent !== null) return device.volumePercent
  throw new SpotifyAuthError('forbidden', `${sanitize(device.name)} does not tell its volume.`)
}
