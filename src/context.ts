import path from 'node:path'
import { SpotifyAuthError } from './errors.ts'
import type { Request } from './http.ts'
import { abortOnSignals } from './signals.ts'
import { type Output, openOutput } from './terminal/output.ts'

export const spotifyAccountsUrl = 'https://accounts.spotify.com'

/** What a command can touch of the world outside; functions name the part that they use with `Pick`. */
export interface Context {
  env: Readonly<Record<string, string | undefined>>
  now(): number
  stdin: NodeJS.ReadStream
  stdout: Output
  stderr: Output
  /** Aborted by SIGHUP, SIGINT and SIGTERM once somebody has asked for it; until then they end the process. */
  signal: AbortSignal
  /** The program's directory. */
  home: string
  profile: string
  accountsUrl: string
  apiUrl: string
  color: boolean
  request: Request
}

export interface GlobalOptions {
  profile?: string
  color?: boolean
  verbose?: boolean
  json?: boolean
}

/** Builds the context of one command; every part is looked at when it is first used. */
export function createContext(process: NodeJS.Process, options: GlobalOptions): Context {
  const { env } = process
  const stderr = openOutput(2)
  let signal: AbortSignal | undefined
  return {
    env,
    now: Date.now,
    get stdin() {
      return process.stdin
    },
    stdout: openOutput(1),
    stderr,
    get signal() {
      signal ??= abortOnSignals()
      return signal
    },
    get home() {
      return findHome(env, process.platform)
    },
    get profile() {
      return checkProfile(options.profile ?? (env.SPOTIFY_AUTH_PROFILE || 'default'))
    },
    get accountsUrl() {
      return checkServerUrl('SPOTIFY_ACCOUNTS_URL', env.SPOTIFY_ACCOUNTS_URL || spotifyAccountsUrl)
    },
    get apiUrl() {
      return checkServerUrl('SPOTIFY_API_URL', env.SPOTIFY_API_URL || 'https://api.spotify.com/v1')
    },
    color: options.color !== false,
    async request(url, request) {
      const { createRequest } = await import('./http.ts')
      const log = options.verbose ? (line: string) => stderr.write(`${line}\n`) : undefined
      return createRequest(env, log)(url, request)
    },
  }
}

/** A command line of ours for the same profile, for hints. */
export function commandLine({ profile }: Pick<Context, 'profile'>, words: string): string {
  return `spotify-auth ${words}${profile === 'default' ? '' : ` --profile ${profile}`}`
}

function findHome(env: Context['env'], platform: NodeJS.Platform): string {
  if (env.SPOTIFY_AUTH_HOME) return absolute('SPOTIFY_AUTH_HOME', env.SPOTIFY_AUTH_HOME)
  if (env.XDG_CONFIG_HOME && path.isAbsolute(env.XDG_CONFIG_HOME)) {
    return path.join(env.XDG_CONFIG_HOME, 'spotify-auth')
  }
  if (platform === 'win32') return path.join(absolute('APPDATA', env.APPDATA), 'spotify-auth')
  return path.join(absolute('HOME', env.HOME), '.spotify-auth')
}

function absolute(variable: string, value: string | undefined): string {
  if (value && path.isAbsolute(value)) return value
  throw new SpotifyAuthError('config', `${variable} is ${value ? 'a relative path' : 'not set'}.`, {
    hint: `Set ${variable} to an absolute path; the login is kept below it.`,
  })
}

function checkProfile(name: string): string {
  if (/^(?!\.)[A-Za-z0-9._-]{1,64}$/.test(name)) return name
  throw new SpotifyAuthError('usage', 'That is not a profile name.', {
    hint: 'Use up to 64 letters, digits, dots, dashes and underscores, without a dot in front.',
  })
}

/** Tokens travel to these two addresses, so only TLS or this machine will do. */
function checkServerUrl(variable: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackLiteral(url.hostname))
  if (url && safe && !url.username && !url.password && !url.search && !url.hash)
    return value.replace(/\/+$/, '')
  throw new SpotifyAuthError('config', `${variable} is not an address that a login can be sent to.`, {
    hint: 'Use an https: URL; http: is accepted for 127.0.0.1 and [::1] only.',
  })
}

/** Whether a URL's hostname is a loopback IP literal (RFC 8252, 7.3); the name `localhost` is not one. */
export function isLoopbackLiteral(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]'
}
