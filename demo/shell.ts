import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { programFile } from '../test/support/sandbox.ts'

/** A shell of the user's whose `spotify-auth` talks to the stand-in, until it is left. */
export async function openShell(directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const bin = path.join(directory, 'bin')
  mkdirSync(bin)
  const words = [process.execPath, programFile].map((word) => `'${word}'`).join(' ')
  writeFileSync(path.join(bin, 'spotify-auth'), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 })
  console.log('Somebody called Ada is logged in here and hears a track. Try, for example:\n')
  for (const line of ['now-playing', 'status', 'search clair de lune', 'login --scope +player', '--help'])
    console.log(`  spotify-auth ${line}`)
  console.log('\nexit ends it, and nothing of it is left.\n')
  const PATH = [bin, env.PATH].join(path.delimiter)
  const shell = spawn(env.SHELL || 'sh', { env: { ...env, PATH }, stdio: 'inherit' })
  await once(shell, 'exit')
}
