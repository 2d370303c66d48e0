import type { Context } from '../context.ts'
import { prompt } from '../terminal/prompt.ts'

/** What each scope allows that a command may lack, to go on after "to". */
const purposes: Record<string, string> = {
  'user-read-currently-playing': 'see what is playing',
  'user-read-playback-state': 'see your devices and what they do',
  'user-modify-playback-state': 'control the player',
  'user-library-read': 'see what you have saved',
  'user-library-modify': 'save to your library, and remove from it',
  'playlist-read-private': 'see your playlists',
  'playlist-read-collaborative': 'see the playlists that you share',
  'playlist-modify-private': 'change your private playlists',
  'playlist-modify-public': 'change your public playlists',
  'user-read-recently-played': 'see what was played last',
  'user-top-read': 'see what you hear most',
}

/** Says which scope a command lacks, and what for, and asks whether to log in now with `word`: the scope, or its set. */
export async function askForScope(
  terminal: Pick<Context, 'stdin' | 'stderr'>,
  command: string,
  { scope, word }: { scope: string; word: string },
): Promise<boolean> {
  const purpose = Object.hasOwn(purposes, scope) ? `to ${purposes[scope]}` : 'to do that'
  const withOthers = word === scope ? '' : `; the login adds its set, ${word}`
  terminal.stderr.write(`${command} needs your permission ${purpose}.\n`)
  terminal.stderr.write(`The scope ${scope} was not granted${withOthers}.\n`)
  const { confirm } = await import('@clack/prompts')
  const message = 'Log in again to grant it? What you granted before stays.'
  return (await prompt(terminal, (shown) => confirm({ message, ...shown }))) ?? false
}
