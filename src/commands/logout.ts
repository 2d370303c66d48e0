import type { Context } from '../context.ts'
import { forgetPlayback } from '../now-playing/playback-cache.ts'
import { removeCredential } from '../session/credential-save.ts'
import { listProfiles, type Place, readCredential } from '../session/credential-store.ts'
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
  const problems: unknown[] = []
  for (const profile of profiles) {
    const place = { home, profile, stderr }
    try {
      if (await withLock(place, () => forget(place))) forgotten.push(profile)
    } catch (error) {
      // The other profiles are forgotten all the same.
      problems.push(error)
    }
    forgetPlayback({ ...place, env })
  }
  tell(stderr, forgotten, problems)
  if (problems.length > 0) throw problems[0]
}

/** What is not a login of ours is named and left alone. */
async function forget(place: Place): Promise<boolean> {
  readCredential(place)
  return removeCredential(place)
}

function tell(stderr: Place['stderr'], forgotten: string[], problems: unknown[]): void {
  if (forgotten.length === 0) {
    if (problems.length === 0) stderr.write('You are not logged in; there was nothing to forget.\n')
    return
  }
  stderr.write(
    `Logged out: the tokens of ${forgotten.map((name) => `"${name}"`).join(', ')} are gone from this computer.\n`,
  )
  stderr.write('Spotify has no way to revoke them; to end the access itself, remove the app at\n')
  stderr.write('https://www.spotify.com/account/apps/\n')
}
