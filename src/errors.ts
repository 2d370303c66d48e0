const exitCodes = {
  unexpected: 1,
  port_in_use: 1,
  usage: 2,
  config: 2,
  nothing_playing: 3,
  login_required: 4,
  login_expired: 4,
  login_denied: 4,
  login_timeout: 4,
  login_failed: 4,
  missing_scope: 5,
  premium_required: 5,
  no_active_device: 5,
  forbidden: 5,
  not_found: 5,
  api_error: 5,
  rate_limited: 6,
  network: 6,
  unavailable: 6,
  busy: 6,
  storage: 7,
} as const

/**
 * What kind of thing went wrong:
 *
 * - `unexpected`: a mistake of this program.
 * - `port_in_use`: another program listens on the port of the redirect URI.
 * - `usage`: a flag, an argument or an option cannot be used as it was given.
 * - `config`: a setting or an environment variable is missing, or cannot be used.
 * - `nothing_playing`: nothing is playing; only the command line reports this, with `--exit-code`.
 * - `login_required`: nobody is logged in.
 * - `login_expired`: Spotify no longer accepts the login; only a new one helps.
 * - `login_denied`: the user did not agree in the browser.
 * - `login_timeout`: the browser did not come back in time.
 * - `login_failed`: Spotify refused the app or the code, or the URL does not belong to the login that was begun.
 * - `missing_scope`: the user has not granted a scope that the request needs.
 * - `premium_required`: the request needs Spotify Premium.
 * - `no_active_device`: Spotify is not active on any of the user's devices.
 * - `forbidden`: Spotify refused the request; `message` says why, as far as Spotify does.
 * - `not_found`: Spotify has nothing at that path, or nothing of that name.
 * - `api_error`: Spotify refused the request in another way, or its pages lead in a circle.
 * - `rate_limited`: Spotify asked to slow down; `hint` says for how long. No request is sent until then.
 * - `network`: no whole response arrived in time.
 * - `unavailable`: Spotify failed: with a status of 500 or more, with something unreadable, or a moment ago, so that
 *   it is not asked yet.
 * - `busy`: another process held the lock of the login for too long.
 * - `storage`: the login cannot be read or saved; `message` says what became of it.
 * @useDeclaredType
 */
export type ErrorCode = keyof typeof exitCodes

/** A command line of this program for the login at hand, for hints: `login` becomes `spotify-auth login --profile work`. */
export type CommandLine = (words: string) => string

/** That for a login which may be a program's own: there is none then, because every command would be of another login. */
export type MayHaveCommandLine = CommandLine | undefined

/** An error that a user or a program can do something about. Its `message` says what happened. */
export class SpotifyAuthError extends Error {
  override readonly name = 'SpotifyAuthError'
  /** What kind of thing went wrong, for programs. */
  readonly code: ErrorCode
  /** What to do next, where that is known. */
  readonly hint: string | undefined
  /** Spotify's own word for it where there is one, such as `ALREADY_PAUSED`. */
  readonly reason: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; reason?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.reason = options.reason
  }

  /** The exit code of the command line for this kind of error. */
  get exitCode(): number {
    return exitCodes[this.code]
  }
}

/** The code of an error of this program; undefined for any other. */
export function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof SpotifyAuthError ? error.code : undefined
}

/** Whether only a new login helps: there is none, or Spotify has ended it. */
export function isLoginOver(error: unknown): error is SpotifyAuthError {
  const code = codeOf(error)
  return code === 'login_required' || code === 'login_expired'
}

const passing: ReadonlySet<ErrorCode | undefined> = new Set([
  'login_required',
  'login_expired',
  'login_failed',
  'rate_limited',
  'network',
  'unavailable',
  'busy',
  'storage',
])

/** Whether the same command may succeed later: after a login, when the network is back, when a limit has ended. */
export function mayPass(error: unknown): error is SpotifyAuthError {
  return passing.has(codeOf(error))
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

export type EndingSignal = keyof typeof signalNumbers

export const endingSignals = Object.keys(signalNumbers) as EndingSignal[]

/** A signal ended the program: nothing is printed, and the exit code is 128 plus the signal's number. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly signal: EndingSignal
  readonly exitCode: number

  constructor(signal: EndingSignal) {
    super(`ended by ${signal}`)
    this.signal = signal
    this.exitCode = 128 + signalNumbers[signal]
  }
}

/** The `code` of a Node system error such as `ENOENT`, or undefined. */
export function systemCode(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && !(error instanceof SpotifyAuthError) && 'code' in error
  return isSystemError && typeof error.code === 'string' ? error.code : undefined
}
