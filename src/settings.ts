import path from 'node:path'
import type { Context } from './context.ts'
import { SpotifyAuthError } from './errors.ts'
import { makePrivateDirectory } from './private-directory.ts'

/** What `config` keeps for a profile, under the names that users type. */
export interface Settings {
  client_id?: string
  redirect_uri?: string
  scope?: string
}

export type SettingName = keyof Settings

export const settingNames: SettingName[] = ['client_id', 'redirect_uri', 'scope']

type Place = Pick<Context, 'home' | 'profile'>

/** The profile's settings in `config.json`. */
export async function readSettings(place: Place): Promise<Settings> {
  const stored = (await openFile(place)).get('profiles', {})[place.profile]
  const entries = settingNames.map((name) => [name, stored?.[name]])
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'))
}

/** Changes the profile's settings; undefined removes one. */
export async function changeSettings(place: Place, changes: Settings): Promise<void> {
  const file = await openFile(place)
  const profiles = file.get('profiles', {})
  try {
    file.set('profiles', { ...profiles, [place.profile]: { ...profiles[place.profile], ...changes } })
  } catch (cause) {
    throw new SpotifyAuthError('storage', `The settings in ${file.path} could not be saved.`, {
      hint: 'Make room or mend the permissions, then try again.',
      cause,
    })
  }
}

async function openFile({ home }: Place) {
  const { default: Conf } = await import('conf')
  makePrivateDirectory(home)
  try {
    return new Conf<{ profiles: Record<string, Settings> }>({
      cwd: home,
      configFileMode: 0o600,
      // A profile's name may hold a dot.
      accessPropertiesByDotNotation: false,
    })
  } catch (cause) {
    throw new SpotifyAuthError('config', `${path.join(home, 'config.json')} cannot be read as JSON.`, {
      hint: 'Mend the file, or move it away to start anew.',
      cause,
    })
  }
}
