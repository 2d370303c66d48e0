import { type ErrorCode, type MayHaveCommandLine, SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'
import { parseFields } from '../untrusted/fields.ts'
import { quote } from '../untrusted/quote.ts'

/** A successful response of the token endpoint, read field by field. */
export interface Tokens {
  accessToken: string
  expiresInSeconds: number
  /** Undefined when the response has none, null or an empty one: the refresh token in use then stays valid. */
  refreshToken: string | undefined
  /** Undefined when the response does not say: they are then those that were asked for (RFC 6749, 5.1). */
  scopes: string[] | undefined
}

/** The tokens of a new login, which always has a refresh token. */
export type FirstTokens = Tokens & { refreshToken: string }

/** A response without an access token; a refresh token in it may already have replaced the one that was sent. */
export class UnusableTokens extends SpotifyAuthError {
  readonly refreshToken: string | undefined

  constructor(refreshToken: string | undefined) {
    super('unavailable', 'Spotify answered with something that is not a token.', {
      hint: 'A captive portal or proxy may be in between; try again later.',
    })
    this.refreshToken = refreshToken
  }
}

/** What `invalid_grant` means for the grant at hand. */
type Refusal = { code: ErrorCode; message: string }

/**
 * Reads a response of the token endpoint (RFC 6749 5.1, 5.2) field by field; throws what is wrong with it.
 * (oauth4webapi would refuse responses that Spotify gives, such as a refresh token of null.)
 */
export function readTokens(
  commandLine: MayHaveCommandLine,
  response: HttpResponse,
  refused: Refusal,
): Tokens {
  const { status, body } = response
  const fields = parseFields(body)
  if (status !== 200) throw tokenError(commandLine, response, fields, refused)
  const { access_token, token_type, expires_in, refresh_token, scope } = fields
  const refreshToken = isToken(refresh_token) ? refresh_token : undefined
  if (!isToken(access_token) || !isBearer(token_type)) throw new UnusableTokens(refreshToken)
  return {
    accessToken: access_token,
    expiresInSeconds: readSeconds(expires_in),
    refreshToken,
    scopes: readScopes(scope),
  }
}

/**
 * Visible ASCII (RFC 6749, A.12), so that it can stand in a header and on a terminal; not longer than servers take a
 * header, so that a login with it can be read back.
 */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,8192}$/.test(value)
}

/** The only kind that the Web API takes; who is given another kind must not use it (RFC 6749, 7.1). */
function isBearer(value: unknown): boolean {
  return typeof value === 'string' && value.toLowerCase() === 'bearer'
}

/** Words as RFC 6749 (A.4) allows them; a text that has others says nothing. */
function readScopes(value: unknown): string[] | undefined {
  const words = typeof value === 'string' && value.length <= 8192 ? value.split(' ').filter(Boolean) : []
  return words.length > 0 && words.every((word) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word))
    ? words
    : undefined
}

/** Spotify's hour where the response has no usable lifetime: guessing less would refresh in a loop. */
function readSeconds(value: unknown): number {
  const seconds = Number(value)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 3600
}

function tokenError(
  commandLine: MayHaveCommandLine,
  response: HttpResponse,
  fields: Record<string, unknown>,
  refused: Refusal,
): SpotifyAuthError {
  const error = fields.error
  const { status } = response
  if (status >= 500 || typeof error !== 'string') {
    return new SpotifyAuthError('unavailable', `Spotify's accounts server answered with status ${status}.`, {
      hint: 'Nothing was changed; try again later.',
    })
  }
  if (error === 'invalid_grant') {
    return new SpotifyAuthError(refused.code, refused.message, {
      hint: commandLine && `Run: ${commandLine('login')}`,
    })
  }
  const description =
    typeof fields.error_description === 'string' ? `: ${quote(fields.error_description)}` : ''
  const hint =
    error === 'invalid_client'
      ? 'Compare the client id, and the secret if you use one, with the app in https://developer.spotify.com/dashboard.'
      : commandLine && `Run: ${commandLine('login')}`
  return new SpotifyAuthError('login_failed', `Spotify refused (${quote(error)}${description}).`, { hint })
}
