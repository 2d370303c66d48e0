import type { Context } from '../context.ts'
import { closedFor } from '../network/limits-of-app.ts'
import { isQuota, servers } from '../network/rate-limited.ts'
import type { Credential } from '../session/credential.ts'
import { momentOf } from '../terminal/moment.ts'

type Needs = Pick<Context, 'limitMemory' | 'now'>

/** What is closed for the app of a login, a line for each thing: what, until when, and why. */
export function describeClosed({ limitMemory, now }: Needs, { clientId }: Credential): string[] {
  const nowMs = now()
  return closedFor(limitMemory, nowMs, clientId).map(({ what, leftMs }) => {
    const until = momentOf(nowMs + leftMs)
    return isQuota(what)
      ? `${what} until ${until} (its quota is used up)`
      : `${servers[what]} until ${until} (Spotify asks to slow down)`
  })
}

/** What is closed for the app of a login, as JSON for scripts. */
export function closedFields({ limitMemory, now }: Needs, { clientId }: Credential) {
  const nowMs = now()
  return closedFor(limitMemory, nowMs, clientId).map(({ what, leftMs }) => ({
    family: what,
    until: Math.ceil((nowMs + leftMs) / 1000),
    reason: isQuota(what) ? 'quota_exceeded' : 'rate_limited',
  }))
}
