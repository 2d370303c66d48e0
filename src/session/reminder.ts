import { statSync } from 'node:fs'
import type { CommandLine } from '../errors.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { writePrivateFile } from '../system/private-file.ts'
import { counted } from '../terminal/counted.ts'
import type { Output } from '../terminal/output.ts'
import { authorizationEndsAtMs, type Credential, dayMs } from './credential.ts'
import { dotfilePath } from './dotfile.ts'

interface ReminderContext extends ProfileLocation {
  stderr: Output
  now(): number
  commandLine: CommandLine
}

/** Says on standard error, once a day, that the login ends soon. */
export function remind(needs: ReminderContext, credential: Credential): void {
  const nowMs = needs.now()
  const file = dotfilePath(needs).replace(/json$/, 'reminded')
  const remindedAtMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  // Where a clock was wrong it may be far ahead.
  if (Math.abs(nowMs - remindedAtMs) < dayMs) return
  const days = Math.max(0, Math.ceil((authorizationEndsAtMs(credential) - nowMs) / dayMs))
  needs.stderr.write(
    `Your Spotify login ends in ${counted(days, 'day')}. Renew it: ${needs.commandLine('login')}\n`,
  )
  try {
    writePrivateFile(file, '')
  } catch {
    // The next command then reminds again.
  }
}
