import type { ProfileLocation } from '../settings/environment.ts'
import { claimRefreshAhead } from './claim-refresh-ahead.ts'

/** How long the output of a command may take before the refresh is started without it. */
const patienceMs = 1_000

/**
 * Refreshes ahead of time in a process of its own, which outlives this command and whatever ends it. It is started
 * when the command has ended, or after a second of one that stays.
 */
export function refreshInChild({ home, profile }: ProfileLocation): void {
  if (!claimRefreshAhead({ home, profile })) return
  const start = () => {
    clearTimeout(timer)
    process.off('beforeExit', start)
    const { spawn } = process.getBuiltinModule('node:child_process')
    const args = [...process.execArgv, process.argv[1] ?? '', '__refresh', profile]
    // Where that fails, with an error or an event, the next command that notices tries again.
    try {
      const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore', windowsHide: true })
      child.on('error', () => {})
      child.unref()
    } catch {}
  }
  const timer = setTimeout(start, patienceMs).unref()
  process.once('beforeExit', start)
}
