import { authorizationEndsAtMs, type Credential, dayMs, type Ending } from './credential.ts'
import { withoutToken } from './fingerprint.ts'

/**
 * What is kept of a login whose refresh token Spotify refuses: whose it was and why it has ended, without its tokens.
 * `wasInterrupted` when an earlier response with another refresh token may have been lost.
 */
export function endedLogin(refused: Credential, nowMs: number, wasInterrupted: boolean): Credential {
  return {
    ...refused,
    accessToken: '',
    refreshToken: withoutToken(refused.refreshToken),
    ended: whyEnded(refused, nowMs, wasInterrupted),
  }
}

function whyEnded(refused: Credential, nowMs: number, wasInterrupted: boolean): Ending {
  // Spotify's six months and ours may differ by a day.
  if (nowMs > authorizationEndsAtMs(refused) - dayMs) return 'expired'
  return wasInterrupted ? 'interrupted' : 'revoked'
}
