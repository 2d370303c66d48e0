import { sha256 } from '../system/sha256.ts'

const mark = 'sha256:'

/** What tells a refresh token from every other one, and gives it away to nobody; 16 hexadecimal digits. */
export function fingerprintOf(refreshToken = ''): string {
  // Of an ended login nothing else is kept.
  return refreshToken.startsWith(mark) ? refreshToken.slice(mark.length) : sha256(refreshToken).slice(0, 16)
}

/** What is kept in the place of a refresh token that is of no use any more. */
export function withoutToken(refreshToken: string): string {
  return mark + fingerprintOf(refreshToken)
}
