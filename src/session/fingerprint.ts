import { createHash } from 'node:crypto'

const mark = 'sha256:'

/** What tells a refresh token from every other one, and gives it away to nobody; 16 hexadecimal digits. */
export function fingerprintOf(secret = ''): string {
  // Of a login that has ended, or whose secrets are elsewhere, nothing else is kept.
  if (isFingerprint(secret)) return secret.slice(mark.length)
  return createHash('sha256').update(secret).digest('hex').slice(0, 16)
}

/** What is kept in the place of a secret that is of no use any more, or kept elsewhere. */
export function withoutToken(secret: string): string {
  return mark + fingerprintOf(secret)
}

/** Whether this stands in the place of a secret. */
export function isFingerprint(text: string): boolean {
  return text.startsWith(mark)
}
