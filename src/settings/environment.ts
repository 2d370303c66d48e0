import { isAbsolute, resolve } from 'node:path'
import { SpotifyAuthError } from '../errors.ts'
import { isOursAlone } from '../system/private-directory.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export const spotifyAccountsUrl = 'https://accounts.spotify.com'
export const spotifyApiUrl = 'https://api.spotify.com/v1'

/** Where the files of a profile are: the directory of the program, and the name of the profile, with which their names begin. */
export interface ProfileLocation {
  home: string
  profile: string
}

/** The program's directory; throws `config` where the environment names none that is absolute. */
export function findHome(env: Environment, platform: NodeJS.Platform): string {
  if (env.SPOTIFY_AUTH_HOME) return absolute('SPOTIFY_AUTH_HOME', env.SPOTIFY_AUTH_HOME)
  // Here and for all files that a start looks at: for `join` Node would have to load more.
  if (env.XDG_CONFIG_HOME && isAbsolute(env.XDG_CONFIG_HOME)) {
    return resolve(env.XDG_CONFIG_HOME, 'spotify-auth')
  }
  if (platform === 'win32') return resolve(absolute('APPDATA', env.APPDATA), 'spotify-auth')
  return resolve(absolute('HOME', env.HOME), '.spotify-auth')
}

function absolute(variable: string, value: string | undefined): string {
  if (value && isAbsolute(value)) return value
  throw new SpotifyAuthError('config', `${variable} is ${value ? 'a relative path' : 'not set'}.`, {
    hint: `Set ${variable} to an absolute path; the login is kept below it.`,
  })
}

/** Where commands of the same home share what Spotify has told one of them: in memory where the system has a place for that. */
export function findCacheDirectory(env: Environment, home: string): string {
  const runtime = env.XDG_RUNTIME_DIR
  return runtime && isAbsolute(runtime) && isOursAlone(runtime)
    ? resolve(runtime, 'spotify-auth', encodeURIComponent(home))
    : resolve(home, 'cache')
}

/** Whether this can be the name of a profile, which becomes part of the names of its files. */
export function isProfile(name: string): boolean {
  return /^(?!\.)[A-Za-z0-9._-]{1,64}$/.test(name)
}

/** A command line of this program for the login of a profile. */
export function commandLineOf(profile: string, words: string): string {
  return `spotify-auth ${words}${profile === 'default' ? '' : ` --profile ${profile}`}`
}

/** Whether a credential helper can be called so: it becomes part of a program's name. */
export function isHelper(name: string): boolean {
  return /^(?!-|docker-credential-)[A-Za-z0-9_-]{1,64}$/.test(name)
}

/** Returns the name of a profile; throws `usage` for what cannot be one. */
export function checkProfile(name: string): string {
  if (isProfile(name)) return name
  throw new SpotifyAuthError('usage', 'That is not a profile name.', {
    hint: 'Use up to 64 letters, digits, dots, dashes and underscores, without a dot in front.',
  })
}

/** Returns the address of a server that tokens are sent to; throws `config` where it is neither `https:` nor on this computer. */
export function checkServerUrl(variable: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackLiteral(url.hostname))
  if (url && safe && !url.username && !url.password && !url.search && !url.hash)
    return url.href.replace(/[/?#]+$/, '')
  throw new SpotifyAuthError('config', `${variable} is not an address that a login can be sent to.`, {
    hint: 'Use an https: URL; http: is accepted for 127.0.0.1 and [::1] only.',
  })
}

/** Whether a URL's hostname is a loopback IP literal (RFC 8252, 7.3); the name `localhost` is not one. */
export function isLoopbackLiteral(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]'
}
