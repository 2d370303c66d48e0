import { controlPlayer } from '../web-api/player.ts'
import { controlCommand } from './control-command.ts'

export const previousCommand = controlCommand({
  name: 'previous',
  summary: 'go back to the previous track',
  flags: {},
  examples: [['spotify-auth previous', 'go back to the previous track']],
  run: (context) => controlPlayer(context, 'POST /me/player/previous'),
})
