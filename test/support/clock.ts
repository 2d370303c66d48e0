import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from './sandbox.ts'

/** Sets the clock of this process this much ahead while it does the work; not for tests that run beside each other. */
export async function withClockAhead<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const { now } = Date
  Date.now = () => now() + ms
  try {
    return await work()
  } finally {
    Date.now = now
  }
}

/** Sets the clock of one command this much ahead. */
export function clockAhead(sandbox: Sandbox, ms: number) {
  const file = path.join(sandbox.env.HOME ?? '', `ahead-${ms}.cjs`)
  writeFileSync(file, `const now = Date.now; Date.now = () => now() + ${ms}`)
  return { env: { NODE_OPTIONS: `--require ${file}` } }
}
