import { checkProfile, checkServerUrl, findHome, spotifyAccountsUrl, spotifyApiUrl } from './environment.ts'
import { createRequest, type Request } from './http.ts'
import { abortOnSignals } from './signals.ts'
import { type Output, openOutput } from './terminal/output.ts'

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
}

/** Builds the context of one command; every part is looked at when it is first used. */
export function createContext(process: NodeJS.Process, options: GlobalOptions): Context {
  const { env } = process
  const stderr = openOutput(2)
  let signal: AbortSignal | undefined
  let door: Request | undefined
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
      return checkServerUrl('SPOTIFY_API_URL', env.SPOTIFY_API_URL || spotifyApiUrl)
    },
    color: options.color !== false,
    request(url, request) {
      door ??= createRequest(env, options.verbose ? (line) => stderr.write(`${line}\n`) : undefined)
      return door(url, request)
    },
  }
}

/** A command line of ours for the same profile, for hints. */
export function commandLine({ profile }: Pick<Context, 'profile'>, words: string): string {
  return `spotify-auth ${words}${profile === 'default' ? '' : ` --profile ${profile}`}`
}
