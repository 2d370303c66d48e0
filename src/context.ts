import type { CommandLine } from './errors.ts'
import { createRequest, type Request } from './network/http.ts'
import type { LimitMemory } from './network/limit-memory.ts'
import { limitsOnDisk } from './network/limits-on-disk.ts'
import { createRateLimits, type RateLimits } from './network/rate-limits.ts'
import { endsSoon } from './session/credential.ts'
import { createCredentialSource, type OwnCredentialSource } from './session/credential-source.ts'
import { dotfileStorage } from './session/dotfile-storage.ts'
import { helperStorage } from './session/helper-storage.ts'
import { lazyStorage } from './session/storage.ts'
import {
  checkProfile,
  checkServerUrl,
  commandLineOf,
  type Environment,
  findCacheDirectory,
  findHome,
  spotifyAccountsUrl,
  spotifyApiUrl,
} from './settings/environment.ts'
import { abortOnSignals } from './system/signals.ts'
import { type Output, openOutput } from './terminal/output.ts'

/** All that a command can touch of the world outside; a function's parameters name the part that it touches. */
export interface Context {
  env: Environment
  /** The time in Unix milliseconds. */
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
  limits: RateLimits
  /** Where limits are kept. */
  limitMemory: LimitMemory
  /** The login that requests of the Web API are made with. */
  credentials: OwnCredentialSource
  /** Where commands share what Spotify has told one of them; undefined for a login that writes no files. */
  cacheDirectory: string | undefined
  commandLine: CommandLine
}

export interface GlobalOptions {
  profile?: string
  color?: boolean
  verbose?: boolean
}

/** How long before its end an access token in the dotfile is refreshed. */
const aheadSeconds = 300

interface ContextOptions {
  stderr?: Output
  /** How a refresh ahead of time is made, which nobody waits for; the program's way is a process of its own. */
  refreshAhead?(context: Context): Promise<void>
}

const refreshInChild = async (context: Context) =>
  (await import('./session/refresh-in-child.ts')).refreshInChild(context)

/** Builds the context of one command; every part is looked at when it is first used. */
export function createContext(
  process: NodeJS.Process,
  options: GlobalOptions,
  { stderr = openOutput(2), refreshAhead = refreshInChild }: ContextOptions = {},
): Context {
  const { env } = process
  // With SPOTIFY_REFRESH_TOKEN a command reads and writes no files of its own.
  const hasFiles = !env.SPOTIFY_REFRESH_TOKEN
  let signal: AbortSignal | undefined
  let request: Request | undefined
  let limits: RateLimits | undefined
  let limitMemory: LimitMemory | undefined
  let credentials: OwnCredentialSource | undefined
  let cacheDirectory: string | undefined
  const loadEnvironmentStorage = async () =>
    (await import('./session/environment-storage.ts')).environmentStorage(env, stderr)
  const context: Context = {
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
      const named = options.profile ?? (env.SPOTIFY_AUTH_PROFILE || undefined)
      return named === undefined ? 'default' : checkProfile(named)
    },
    get accountsUrl() {
      return checkServerUrl('SPOTIFY_ACCOUNTS_URL', env.SPOTIFY_ACCOUNTS_URL || spotifyAccountsUrl)
    },
    get apiUrl() {
      return checkServerUrl('SPOTIFY_API_URL', env.SPOTIFY_API_URL || spotifyApiUrl)
    },
    color: options.color !== false,
    request(url, what) {
      request ??= createRequest(env, options.verbose ? (line) => stderr.write(`${line}\n`) : undefined)
      return request(url, what)
    },
    get limits() {
      limits ??= createRateLimits(context.limitMemory, context.now)
      return limits
    },
    get limitMemory() {
      limitMemory ??= hasFiles ? limitsOnDisk(context) : new Map()
      return limitMemory
    },
    get credentials() {
      const refreshable = { accounts: context, now: context.now, failures: context }
      credentials ??= hasFiles
        ? createCredentialSource(
            { ...refreshable, storage: helperStorage(dotfileStorage(context, stderr), context) },
            {
              ahead: { seconds: aheadSeconds, start: () => void refreshAhead(context) },
              async onRead(credential) {
                if (!stderr.isTerminal || !endsSoon(credential, context.now())) return
                const { remind } = await import('./session/reminder.ts')
                remind(context, credential)
              },
            },
          )
        : createCredentialSource({ ...refreshable, storage: lazyStorage(loadEnvironmentStorage) })
      return credentials
    },
    get cacheDirectory() {
      cacheDirectory ??= hasFiles ? findCacheDirectory(env, context.home) : undefined
      return cacheDirectory
    },
    commandLine: (words) => commandLineOf(context.profile, words),
  }
  return context
}
