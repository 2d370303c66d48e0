import { once } from 'node:events'
import { cpSync } from 'node:fs'
import path from 'node:path'
import { track } from '../test/support/fixtures.ts'
import { createSandbox, type Sandbox } from '../test/support/sandbox.ts'
import { startStandIn } from '../test/support/stand-in.ts'
import { type Certificate, makeCertificate } from './certificate.ts'
import type { LoggedIn } from './spotify.ts'

// Ctrl-C reaches this process, too; it ends when the benchmark has, however that came about.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
const benchmarkEnded = once(process, 'disconnect')

const closing: (() => Promise<void>)[] = []
try {
  const loggedIn = await prepare()
  if (process.connected) process.send?.(loggedIn)
  await benchmarkEnded
} finally {
  for (const close of closing.reverse()) await close()
}

async function prepare(): Promise<LoggedIn> {
  const { sandbox, accessToken } = await logIn()
  const directory = sandbox.env.HOME ?? ''
  // Whatever has been run before, the rounds that warm up make what a start need not compile.
  sandbox.env.XDG_CACHE_HOME = path.join(directory, 'caches')
  const certificate = makeCertificate(directory)
  return {
    env: sandbox.env,
    accessToken,
    refreshing: { ...sandbox.env, SPOTIFY_AUTH_HOME: copyHome(sandbox, path.join(directory, 'refreshing')) },
    manyProfiles: { ...sandbox.env, SPOTIFY_AUTH_HOME: makeProfiles(sandbox, directory) },
    nobody: { ...sandbox.env, SPOTIFY_AUTH_HOME: path.join(directory, 'nobody') },
    https: certificate && (await logInByTls(certificate)),
  }
}

/** Starts a stand-in and logs somebody in who hears a track. */
async function logIn(tls?: Certificate): Promise<{ sandbox: Sandbox; accessToken: string }> {
  const standIn = await startStandIn({ tls })
  closing.push(standIn.close)
  const sandbox = createSandbox(standIn)
  closing.push(sandbox.remove)
  standIn.playback = track
  const { accessToken } = await sandbox.logIn(standIn)
  return { sandbox, accessToken }
}

async function logInByTls(certificate: Certificate): Promise<NonNullable<LoggedIn['https']>> {
  const { sandbox, accessToken } = await logIn(certificate)
  return { env: { ...sandbox.env, NODE_EXTRA_CA_CERTS: certificate.file }, accessToken }
}

/** Another home with the same login; returns its path. */
function copyHome({ home }: Sandbox, copy: string): string {
  cpSync(home, copy, { recursive: true })
  return copy
}

/** A home with the login a thousand times over; returns its path. */
function makeProfiles(sandbox: Sandbox, directory: string): string {
  const home = copyHome(sandbox, path.join(directory, 'many-profiles'))
  for (let n = 1; n < 1000; n++) {
    cpSync(sandbox.credentialFile, path.join(home, 'credentials', `profile-${n}.json`))
  }
  return home
}
