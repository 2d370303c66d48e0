import type { Context } from '../context.ts'
import { forgetPlayback } from '../now-playing/playback-cache.ts'
import { removeCredential } from '../session/credential-save.ts'
import { listProfiles, readCredential } from '../session/credential-store.ts'
import { withLock } from '../session/lock.ts'
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

async function logout(context: Context, options: LogoutOptions): Promise<void> {
  const profiles = options.all ? listProfiles(context) : [context.profile]
  const { env, home, stderr } = context
  const forgotten: string[] = []
  for (const profile of profiles) {
    const place = { home, profile, stderr }
    // What is not a login of ours is named and left alone.
    const forget = async () => {
      readCredential(place)
      return removeCredential(place)
    }
    if (await withLock(place, forget)) forgotten.push(profile)
    forgetPlayback({ ...place, env })
  }
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
