import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from './sandbox.ts'

/** Writes a program into the sandbox that does what the shell script says; returns its file. */
export function writeScript({ env }: Pick<Sandbox, 'env'>, name: string, lines: string): string {
  const file = path.join(env.HOME ?? '', name)
  writeFileSync(file, `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  return file
}
