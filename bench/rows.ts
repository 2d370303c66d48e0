import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { programFile } from '../test/support/sandbox.ts'
import type { Row } from './measure.ts'
import type { LoggedIn } from './spotify.ts'

const script = fileURLToPath(new URL('now-playing.sh', import.meta.url))

/** What is measured, the floor first, and a line for each row that this machine cannot run. */
export function benchRows(node: string, { env, accessToken }: LoggedIn): { rows: Row[]; leftOut: string[] } {
  const program = { file: node, env }
  const nobody = { ...env, SPOTIFY_AUTH_HOME: path.join(env.HOME ?? '', 'nobody') }
  const playing = { code: 0, stdout: 'Marisol Vantreight, Claude Debussy - Clair de lune\n' }
  const rows: Row[] = [
    { ...program, name: 'node -e 0', args: ['-e', '0'], expected: { code: 0, stdout: '' } },
    {
      ...program,
      name: 'token, still valid',
      args: [programFile, 'token'],
      expected: { code: 0, stdout: `${accessToken}\n` },
    },
    {
      ...program,
      name: 'token, not logged in',
      args: [programFile, 'token'],
      env: nobody,
      expected: { code: 4, stdout: '' },
    },
    { ...program, name: 'now-playing', args: [programFile, 'now-playing'], expected: playing },
  ]
  const missing = ['curl', 'jq'].filter((tool) => spawnSync(tool, ['--version']).status !== 0)
  const name = 'now-playing by curl and two jq'
  if (missing.length > 0) return { rows, leftOut: [`${name}: left out, no ${missing.join(' and ')} here`] }
  return { rows: [...rows, { name, file: 'sh', args: [script], env, expected: playing }], leftOut: [] }
}
