import { controlPlayer } from '../web-api/player.ts'
import { controlCommand } from './control-command.ts'

export const nextCommand = controlCommand({
  name: 'next',
  summary: 'go to the next track',
  flags: {},
  examples: [['spotify-auth next', 'go to the next track']],
  run: (context) => controlPlayer(context, 'POST /me/player/next'),
})
