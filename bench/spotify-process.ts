import { once } from 'node:events'
import { cpSync } from 'node:fs'
import path from 'node:path'
import { track } from '../test/support/fixtures.ts'
import { createSandbox, type Sandbox } from '../test/support/sandbox.ts'
import { type StandIn, startStandIn } from '../test/support/stand-in.ts'
import { makeCertificate } from './certificate.ts'
import type { LoggedIn } from './spotify.ts'
import { startTlsFront } from './tls-front.ts'

// Ctrl-C reaches this process, too; it ends when the benchmark has, however that came about.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
const benchmarkEnded = once(process, 'disconnect')

const standIn = await startStandIn()
const sandbox = createSandbox(standIn)
try {
  standIn.playback = track
  const loggedIn = await prepare(standIn, sandbox)
  if (process.connected) process.send?.(loggedIn)
  await benchmarkEnded
} finally {
  await sandbox.remove()
  await standIn.close()
}

async function prepare(standIn: StandIn, sandbox: Sandbox): Promise<LoggedIn> {
  const { accessToken } = await sandbox.logIn(standIn)
  const directory = sandbox.env.HOME ?? ''
  const certificate = makeCertificate(directory)
  return {
    env: sandbox.env,
    accessToken,
    refreshing: { ...sandbox.env, SPOTIFY_AUTH_HOME: copyHome(sandbox, path.join(directory, 'refreshing')) },
    manyProfiles: { ...sandbox.env, SPOTIFY_AUTH_HOME: makeProfiles(sandbox, directory) },
    nobody: { ...sandbox.env, SPOTIFY_AUTH_HOME: path.join(directory, 'nobody') },
    https: certificate && {
      ...sandbox.env,
      NODE_EXTRA_CA_CERTS: certificate.file,
      SPOTIFY_API_URL: `${await startTlsFront(standIn.accountsUrl, certificate)}/v1`,
    },
  }
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
