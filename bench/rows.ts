import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { programFile } from '../test/support/sandbox.ts'
import { pythonRows } from './python.ts'
import type { Row, Rows } from './row.ts'
import type { LoggedIn } from './spotify.ts'

const silent = { code: 0, stdout: '' }
const playing = { code: 0, stdout: 'Marisol Vantreight, Claude Debussy - Clair de lune\n' }

/** All rows; the first is the floor of those that name none. */
export function benchRows(node: string, spotify: LoggedIn): Rows {
  const parts = [
    programRows(node, spotify),
    httpsRows(node, spotify),
    shellRows(spotify),
    pythonRows(spotify.env, playing),
  ]
  return { rows: parts.flatMap(({ rows }) => rows), leftOut: parts.flatMap(({ leftOut }) => leftOut) }
}

function programRows(node: string, { env, accessToken, refreshing, manyProfiles, nobody }: LoggedIn): Rows {
  const token = { code: 0, stdout: `${accessToken}\n` }
  const run = (name: string, words: string, expected: Row['expected'], environment = env): Row => {
    return { name, file: node, args: [programFile, ...words.split(' ')], env: environment, expected }
  }
  const rows = [
    { name: 'node -e 0', file: node, args: ['-e', '0'], env, expected: silent },
    run('token, still valid', 'token', token),
    run('token, one of 1,000 profiles', 'token', token, manyProfiles),
    run('token, not logged in', 'token', { code: 4, stdout: '' }, nobody),
    run('token --refresh', 'token --refresh', { code: 0, stdout: /^\S+\n$/ }, refreshing),
    // The rounds that warm up fill the cache.
    run('now-playing from the cache', 'now-playing --max-age 3600', playing),
    bareRequest('http.get', node, env, accessToken),
    { ...run('now-playing over HTTP', 'now-playing', playing), floor: 'http.get' },
  ]
  return { rows, leftOut: [] }
}

/** NODE_EXTRA_CA_CERTS, by which the certificate is trusted, slows every start down: these rows have a floor with it. */
function httpsRows(node: string, { https }: LoggedIn): Rows {
  const name = 'now-playing over HTTPS'
  if (!https) return { rows: [], leftOut: [`${name}: left out, no openssl here`] }
  const { env, accessToken } = https
  const floor = 'node -e 0 with NODE_EXTRA_CA_CERTS'
  const rows = [
    { name: floor, file: node, args: ['-e', '0'], env, expected: silent },
    { ...bareRequest('https.get', node, env, accessToken), floor },
    { name, file: node, args: [programFile, 'now-playing'], env, expected: playing, floor: 'https.get' },
  ]
  return { rows, leftOut: [] }
}

/** A script that makes the same request and prints the same line. */
function bareRequest(name: string, node: string, env: Record<string, string>, accessToken: string): Row {
  const script = fileURLToPath(new URL('bare-request.cjs', import.meta.url))
  const url = `${env.SPOTIFY_API_URL}/me/player/currently-playing?additional_types=track,episode`
  const given = { ...env, URL_TO_GET: url, ACCESS_TOKEN: accessToken }
  return { name, file: node, args: [script], env: given, expected: playing }
}

function shellRows({ env }: LoggedIn): Rows {
  const name = 'now-playing by curl and two jq'
  const missing = ['curl', 'jq'].filter((tool) => spawnSync(tool, ['--version']).status !== 0)
  if (missing.length > 0)
    return { rows: [], leftOut: [`${name}: left out, no ${missing.join(' and ')} here`] }
  const script = fileURLToPath(new URL('now-playing.sh', import.meta.url))
  return { rows: [{ name, file: 'sh', args: [script], env, expected: playing }], leftOut: [] }
}
