import { cpSync } from 'node:fs'
import path from 'node:path'
import { track } from '../test/support/fixtures.ts'
import { createSandbox } from '../test/support/sandbox.ts'
import { startStandIn } from '../test/support/stand-in.ts'
import { makeCertificate } from './certificate.ts'
import type { LoggedIn } from './spotify.ts'
import { startTlsFront } from './tls-front.ts'

// Ctrl-C reaches this process, too; it ends when the benchmark has, however that came about.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.once('disconnect', async () => {
  sandbox.remove()
  await standIn.close()
})

const standIn = await startStandIn()
standIn.playback = track
const sandbox = createSandbox(standIn)
const { accessToken } = await sandbox.logIn(standIn)
const directory = sandbox.env.HOME ?? ''

/** The environment of another home, which begins as a copy of the first. */
function copyHome(name: string): Record<string, string> {
  const home = path.join(directory, name)
  cpSync(sandbox.home, home, { recursive: true })
  return { ...sandbox.env, SPOTIFY_AUTH_HOME: home }
}

const manyProfiles = copyHome('many-profiles')
for (let n = 1; n < 1000; n++) {
  const copy = path.join(manyProfiles.SPOTIFY_AUTH_HOME ?? '', 'credentials', `profile-${n}.json`)
  cpSync(sandbox.credentialFile, copy)
}

const certificate = makeCertificate(directory)
const loggedIn: LoggedIn = {
  env: sandbox.env,
  accessToken,
  // Renewals change a login: they have one of their own.
  renewing: copyHome('renewing'),
  manyProfiles,
  nobody: { ...sandbox.env, SPOTIFY_AUTH_HOME: path.join(directory, 'nobody') },
  https: certificate && {
    ...sandbox.env,
    NODE_EXTRA_CA_CERTS: certificate.file,
    SPOTIFY_API_URL: `${await startTlsFront(standIn.accountsUrl, certificate)}/v1`,
  },
}
process.send?.(loggedIn)
