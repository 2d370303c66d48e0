import { statSync, writeFileSync } from 'node:fs'
import { type Context, commandLine } from '../context.ts'
import { counted } from '../terminal/counted.ts'
import { authorizationEndsAtMs, type Credential, dayMs } from './credential.ts'
import { credentialFile, type Place } from './credential-store.ts'

/** Says on standard error, once a day, that the login ends soon. */
export function remind(world: Place & Pick<Context, 'now'>, credential: Credential): void {
  const now = world.now()
  const file = credentialFile(world).replace(/json$/, 'reminded')
  const remindedAtMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (now - remindedAtMs < dayMs) return
  const days = Math.max(0, Math.ceil((authorizationEndsAtMs(credential) - now) / dayMs))
  world.stderr.write(
    `Your Spotify login ends in ${counted(days, 'day')}. Renew it: ${commandLine(world, 'login')}\n`,
  )
  try {
    writeFileSync(file, '', { mode: 0o600 })
  } catch {
    // Then it reminds again next time.
  }
}
