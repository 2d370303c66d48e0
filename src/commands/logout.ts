import type { Context } from '../context.ts'
import { listProfiles, removeCredential } from '../session/credential-store.ts'
import type { Command } from './command.ts'

interface LogoutOptions {
  all?: boolean
}

export const logoutCommand: Command<LogoutOptions> = {
  name: 'logout',
  summary: 'forget the tokens',
  details: 'Removes them from this computer; settings such as the client id stay.',
  flags: { all: { describe: 'of every profile' } },
  examples: [
    ['spotify-auth logout', 'forget the default login'],
    ['spotify-auth logout --all', 'forget every login'],
  ],
  run: logout,
}

function logout(context: Context, options: LogoutOptions): void {
  const profiles = options.all ? listProfiles(context) : [context.profile]
  const { home } = context
  const forgotten = profiles.filter((profile) => removeCredential({ home, profile }))
  const { stderr } = context
  if (forgotten.length === 0) {
    stderr.write('You are not logged in; there was nothing to forget.\n')
    return
  }
  stderr.write(
    `Logged out: the tokens of ${forgotten.map((name) => `"${name}"`).join(', ')} are gone from this computer.\n`,
  )
  stderr.write('Spotify has no way to revoke them; to end the access itself, remove the app at\n')
  stderr.write('https://www.spotify.com/account/apps/\n')
}
