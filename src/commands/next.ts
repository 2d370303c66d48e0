import { skipToNext } from '../web-api/player.ts'
import { controlCommand } from './control-command.ts'

export const nextCommand = controlCommand({
  name: 'next',
  summary: 'go to the next track',
  flags: {},
  examples: [['spotify-auth next', 'go to the next track']],
  run: skipToNext,
})
