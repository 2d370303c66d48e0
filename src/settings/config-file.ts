import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, SpotifyAuthError, systemCode } from '../errors.ts'
import { withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { fieldsOf } from '../untrusted/fields.ts'
import { isHelper, type ProfileLocation } from './environment.ts'

/** What `config` keeps for a profile, under the names that users type. */
export interface Settings {
  client_id?: string
  redirect_uri?: string
  scope?: string
  credential_helper?: string
}

export type SettingName = keyof Settings

export const settingNames: SettingName[] = ['client_id', 'redirect_uri', 'scope', 'credential_helper']

/** The profile's settings in `config.json`. */
export async function readSettings(place: ProfileLocation): Promise<Settings> {
  if (!existsSync(settingsFile(place))) return {}
  const stored = fieldsOf(profilesOf(await openFile(place))[place.profile])
  const entries = settingNames.map((name) => [name, stored[name]])
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'))
}

/** Changes the profile's settings; undefined removes one. */
export async function changeSettings(place: ProfileLocation, changes: Settings): Promise<void> {
  try {
    makePrivateDirectories(place.home)
    // Loaded before others have to wait for it.
    await import('conf')
    // `conf` reads the file, changes it and writes it anew: without the lock, one of two that do so at once is lost.
    await withFileLock(place.home, `${settingsFile(place)}.lock`, async () => {
      const file = await openFile(place)
      const profiles = profilesOf(file)
      file.set('profiles', {
        ...profiles,
        [place.profile]: { ...fieldsOf(profiles[place.profile]), ...changes },
      })
    })
    chmodSync(settingsFile(place), 0o600)
  } catch (cause) {
    if (codeOf(cause) === 'busy') {
      throw new SpotifyAuthError('busy', 'Another spotify-auth has been changing the settings for a while.', {
        hint: 'Try again; if it stays so, look for one that is stopped: pgrep -af spotify-auth',
        cause,
      })
    }
    if (cause instanceof SpotifyAuthError) throw cause
    throw new SpotifyAuthError(
      'storage',
      `The settings in ${settingsFile(place)} could not be saved (${systemCode(cause)}).`,
      {
        hint: 'Make room or mend the permissions, then try again.',
        cause,
      },
    )
  }
}

/** Returns the name of a credential helper; throws `usage` for what cannot be one. */
export function checkHelper(name: string): string {
  if (isHelper(name)) return name
  throw new SpotifyAuthError('usage', 'That is not the name of a credential helper.', {
    hint: 'Leave out what all begin with: of docker-credential-pass the name is pass. `none` goes back to the file.',
  })
}

function settingsFile({ home }: Pick<ProfileLocation, 'home'>): string {
  return join(home, 'config.json')
}

function profilesOf(file: { get(key: 'profiles'): unknown }): Record<string, unknown> {
  return fieldsOf(file.get('profiles'))
}

async function openFile(place: ProfileLocation) {
  const { default: Conf } = await import('conf')
  try {
    return new Conf<{ profiles: Record<string, unknown> }>({
      cwd: place.home,
      configFileMode: 0o600,
      // A profile's name may hold a dot.
      accessPropertiesByDotNotation: false,
    })
  } catch (cause) {
    const reason = systemCode(cause) ?? 'it is not JSON'
    throw new SpotifyAuthError('config', `${settingsFile(place)} cannot be read (${reason}).`, {
      hint: 'Mend the file, or move it away to start anew.',
      cause,
    })
  }
}
