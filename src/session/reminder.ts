import fs from 'node:fs'
import { type Context, commandLine } from '../context.ts'
import { authorizationEndsAtMs, type Credential, dayMs } from './credential.ts'
import { credentialFile, type Place } from './credential-store.ts'

/** Says on standard error, once a day, that the login ends soon. */
export function remind(world: Place & Pick<Context, 'now'>, credential: Credential): void {
  const now = world.now()
  const file = credentialFile(world).replace(/json$/, 'reminded')
  const remindedAtMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (now - remindedAtMs < dayMs) return
  const days = Math.max(0, Math.ceil((authorizationEndsAtMs(credential) - now) / dayMs))
  world.stderr.write(`Your Spotify login ends in ${days} days. Renew it: ${commandLine(world, 'login')}\n`)
  try {
    fs.writeFileSync(file, '', { mode: 0o600 })
  } catch {
    // Then it reminds again next time.
  }
}
