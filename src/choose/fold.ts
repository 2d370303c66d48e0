import { sanitize } from '../untrusted/sanitize.ts'

/**
 * A name without what makes no difference: what is not shown of it, how its accents are encoded, and its case, by which
 * `ß` is `SS`, and `İ` is `i`.
 */
export function fold(name: string): string {
  const shown = sanitize(name).replace(/\s+/g, ' ').trim()
  // The small letter of `İ` is an `i` with one dot more.
  return shown.normalize().toLowerCase().replaceAll('i\u0307', 'i').toUpperCase()
}
