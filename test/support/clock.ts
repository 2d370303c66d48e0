import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from './sandbox.ts'

/** Sets the clock of one command this much ahead. */
export function clockAhead(sandbox: Sandbox, ms: number) {
  const file = path.join(sandbox.env.HOME ?? '', `ahead-${ms}.cjs`)
  writeFileSync(file, `const now = Date.now; Date.now = () => now() + ${ms}`)
  return { env: { NODE_OPTIONS: `--require ${file}` } }
}
