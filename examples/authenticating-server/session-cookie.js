import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

// `Lax`: the browser sends it when Spotify sends the user back, but not with another site's form or script.
const attributes = 'Path=/; HttpOnly; SameSite=Lax'

/** A cookie with a random id, signed so that nobody can make one up. Without a secret it lasts until a restart. */
export function sessionCookie(secret = randomBytes(32)) {
  const sign = (id) => createHmac('sha256', secret).update(id).digest()
  return {
    /** The id that the browser has sent; undefined where there is none, or none of ours. */
    read({ headers }) {
      const [, id, signature] =
        /(?:^|; )now-playing=([\w-]{22})\.([\w-]{43})(?:;|$)/.exec(headers.cookie ?? '') ?? []
      return id && timingSafeEqual(Buffer.from(signature, 'base64url'), sign(id)) ? id : undefined
    },
    /** A new id, and the header that gives it to the browser. */
    create() {
      const id = randomBytes(16).toString('base64url')
      return { id, header: `now-playing=${id}.${sign(id).toString('base64url')}; ${attributes}` }
    },
    /** The header that takes it away again. */
    remove: `now-playing=; Max-Age=0; ${attributes}`,
  }
}
