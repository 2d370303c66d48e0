import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { programFile, type Sandbox } from './sandbox.ts'

/** The sandbox's environment with `spotify-auth` on the PATH, for command lines of a shell. */
export function withProgramOnPath({ env }: Sandbox): Record<string, string> {
  const bin = path.join(env.HOME ?? '', 'bin')
  mkdirSync(bin)
  const words = [process.execPath, programFile].map((word) => `'${word}'`).join(' ')
  writeFileSync(path.join(bin, 'spotify-auth'), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 })
  return { ...env, PATH: `${bin}:${env.PATH}` }
}
