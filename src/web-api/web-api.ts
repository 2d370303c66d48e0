import type { CommandLine, MayHaveCommandLine } from '../errors.ts'
import type { Request } from '../network/http.ts'
import type { RateLimits } from '../network/rate-limits.ts'
import type { CredentialSource } from '../session/credential-source.ts'

/** Spotify's Web API, or what stands in for it: all that requests to it need. */
export interface AnyWebApi {
  /** With its version, without a slash at its end. */
  apiUrl: string
  request: Request
  limits: RateLimits
  /** The login that the requests are made with. */
  credentials: CredentialSource
  /** The time in Unix milliseconds. */
  now(): number
  commandLine: MayHaveCommandLine
}

/** That of a command. */
export interface WebApi extends AnyWebApi {
  commandLine: CommandLine
}
