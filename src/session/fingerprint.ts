import { createHash } from 'node:crypto'

const mark = 'sha256:'

/** What tells a refresh token from every other one, and gives it away to nobody; 16 hexadecimal digits. */
export function fingerprintOf(refreshToken = ''): string {
  // Of an ended login nothing else is kept.
  if (refreshToken.startsWith(mark)) return refreshToken.slice(mark.length)
  return createHash('sha256').update(refreshToken).digest('hex').slice(0, 16)
}

/** What is kept in the place of a refresh token that is of no use any more. */
export function withoutToken(refreshToken: string): string {
  return mark + fingerprintOf(refreshToken)
}
