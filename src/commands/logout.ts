import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { forgetPlayback } from '../now-playing/playback-cache-changes.ts'
import type { HelperContext } from '../session/credential-helper.ts'
import { profilesWithFiles } from '../session/dotfile-drafts.ts'
import { lockDotfile } from '../session/dotfile-lock.ts'
import { removeLogin } from '../session/dotfile-save.ts'
import { forgetEntries } from '../session/helper-entry.ts'
import { notedHelpers } from '../session/helper-note.ts'
import type { Output } from '../terminal/output.ts'

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
  const profiles = options.all ? profilesWithFiles(context) : [context.profile]
  const { home, env, stderr, commandLine, cacheDirectory } = context
  const forgotten: string[] = []
  const problems: unknown[] = []
  for (const profile of profiles) {
    const place = { home, profile, env, stderr, commandLine }
    try {
      const { wasThere, problem } = await lockDotfile(place, stderr, () => forget(place))
      if (wasThere) forgotten.push(profile)
      if (problem) problems.push(problem)
    } catch (error) {
      // One profile that cannot be forgotten does not keep the others.
      problems.push(error)
    }
    forgetPlayback({ ...place, cacheDirectory })
  }
  tell(stderr, forgotten, problems)
  if (problems.length > 0) throw problems[0]
}

/**
 * Removes the login, here and where a credential helper has it; says whether there was any, and why a helper refuses.
 * Throws, and leaves the helper alone, when the file cannot be removed.
 */
async function forget(place: HelperContext): Promise<{ wasThere: boolean; problem?: SpotifyAuthError }> {
  const hasHelper = notedHelpers(place).length > 0
  const { wasThere, outOfReach } = removeLogin(place)
  const [cause] = await forgetEntries(place)
  if (!cause) {
    return { wasThere: wasThere || hasHelper, problem: outOfReach ? unreachable(outOfReach) : undefined }
  }
  const problem = new SpotifyAuthError('storage', cause.message, {
    hint: 'The tokens on this disk are gone, but not what it keeps; the next logout tries again.',
    cause,
  })
  return { wasThere, problem }
}

function unreachable(file: string): SpotifyAuthError {
  return new SpotifyAuthError(
    'storage',
    `Another login was kept in ${file}, which cannot be reached from here.`,
    {
      hint: 'Unless that directory is gone, as after a restart, log out once more where it is to be seen.',
    },
  )
}

function tell(stderr: Output, forgotten: string[], problems: unknown[]): void {
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
