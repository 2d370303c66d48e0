import { hash } from 'node:crypto'

const mark = 'sha256:'

/** Identifies a refresh token without revealing it: 16 hexadecimal digits. */
export function fingerprintOf(refreshToken = ''): string {
  // Of a login that has ended, only the fingerprint is kept.
  if (refreshToken.startsWith(mark)) return refreshToken.slice(mark.length)
  return hash('sha256', refreshToken).slice(0, 16)
}

/** What is kept in place of a refresh token that is no longer of any use. */
export function withoutToken(refreshToken: string): string {
  return mark + fingerprintOf(refreshToken)
}
