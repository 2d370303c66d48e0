import { track } from '../test/support/fixtures.ts'
import { createSandbox } from '../test/support/sandbox.ts'
import { startStandIn } from '../test/support/stand-in.ts'
import type { LoggedIn } from './spotify.ts'

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
const loggedIn: LoggedIn = { env: sandbox.env, accessToken }
process.send?.(loggedIn)
