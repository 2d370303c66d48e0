import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import { forgetPlayback } from '../now-playing/playback-cache-changes.ts'
import type { HelperContext } from '../session/credential-helper.ts'
import { profilesWithFiles } from '../session/dotfile-drafts.ts'
import { lockDotfile } from '../session/dotfile-lock.ts'
import { removeLogin } from '../session/dotfile-save.ts'
import { addressOf, forgetEntries } from '../session/helper-entry.ts'
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
  let wasAnything = false
  for (const profile of profiles) {
    const place = { home, profile, env, stderr, commandLine }
    try {
      const found = await lockDotfile(place, stderr, () => forget(place))
      if (found.isForgotten) forgotten.push(profile)
      wasAnything ||= found.wasAnything
      problems.push(...found.problems)
    } catch (error) {
      // One profile that cannot be forgotten does not keep the others.
      problems.push(error)
    }
    forgetPlayback({ ...place, cacheDirectory })
  }
  if (forgotten.length > 0) tell(stderr, forgotten)
  else if (!wasAnything && problems.length === 0) {
    stderr.write('You are not logged in; there was nothing to forget.\n')
  }
  const [first, ...others] = problems
  for (const each of others) if (each instanceof SpotifyAuthError) stderr.write(textOf(each))
  if (first) throw first
}

/**
 * Removes the login, here and where credential helpers have it; says whether there was any, whether it is forgotten here,
 * and why helpers refuse. Throws, and leaves the helpers alone, when the file cannot be removed.
 */
async function forget(place: HelperContext) {
  const hasHelper = notedHelpers(place).length > 0
  const { wasThere, outOfReach } = removeLogin(place)
  const causes = await forgetEntries(place)
  const problems = outOfReach ? [unreachable(outOfReach)] : []
  for (const cause of causes) {
    const isUninstalled = systemCode(cause.cause) === 'ENOENT'
    const hint = isUninstalled
      ? `The tokens on this disk are gone, but not what it keeps as ${addressOf(place)}: remove that from your keyring, or install it again and log out once more.`
      : 'The tokens on this disk are gone, but not what it keeps; the next logout tries again.'
    const problem = new SpotifyAuthError('storage', cause.message, { hint, cause })
    // The logout that has removed what was here has failed; a later one can do no more about it.
    if (isUninstalled && !wasThere) place.stderr.write(textOf(problem))
    else problems.push(problem)
  }
  const wasAnything = wasThere || hasHelper
  return { wasAnything, isForgotten: wasThere || (hasHelper && causes.length === 0), problems }
}

function textOf({ message, hint }: SpotifyAuthError): string {
  return `${message}\n${hint}\n`
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

function tell(stderr: Output, forgotten: string[]): void {
  stderr.write(
    `Logged out: the tokens of ${forgotten.map((name) => `"${name}"`).join(', ')} are gone from this computer.\n`,
  )
  stderr.write('Spotify has no way to revoke them; to end the access itself, remove the app at\n')
  stderr.write('https://www.spotify.com/account/apps/\n')
}
