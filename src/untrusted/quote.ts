import { sanitize } from './sanitize.ts'

/** As long as no word of a message is, but every token, code and secret of Spotify's. */
const secrets = /[\w~+=-]{30,}/g

/** What a server says about an error, for a message of ours: short, on one line, and without what looks like a secret. */
export function quote(text: string): string {
  return sanitize(text).replace(secrets, '…').slice(0, 200)
}
