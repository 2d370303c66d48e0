import { sanitize } from './sanitize.ts'

/** No word of a message is this long, but every token, code and secret of Spotify's is. */
const secrets = /[\w~+=-]{30,}/g

/** What a server says about an error, for a message of ours: short, on one line, and without what looks like a secret. */
export function quote(text: string): string {
  return sanitize(text).replace(secrets, '…').slice(0, 200)
}
