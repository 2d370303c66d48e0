import { hash } from 'node:crypto'

const mark = 'sha256:'

/** Identifies a secret without revealing it: 16 hexadecimal digits. */
export function fingerprintOf(secret = ''): string {
  // Of a login that has ended, or whose secrets are kept elsewhere, only the fingerprint is kept.
  if (isFingerprint(secret)) return secret.slice(mark.length)
  return hash('sha256', secret).slice(0, 16)
}

/** What is kept in place of a secret that is no longer of any use, or kept elsewhere. */
export function withoutToken(secret: string): string {
  return mark + fingerprintOf(secret)
}

/** Whether this is kept in place of a secret. */
export function isFingerprint(text: string): boolean {
  return text.startsWith(mark)
}
