import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endingSignals } from '../src/errors.ts'
import { pausedTrack, track } from '../test/support/fixtures.ts'
import { startStandIn } from '../test/support/stand-in.ts'
import { demoEnvironment } from './program.ts'

// Runs the example of a web server with a stand-in for Spotify on this machine: no account is needed.
const file = fileURLToPath(new URL('../examples/authenticating-server/server.js', import.meta.url))

const standIn = await startStandIn()
standIn.playback = track
standIn.other.playback = { ...pausedTrack, item: { ...track.item, name: 'Passepied' } }
console.log('Two people have an account here; open this address in two browsers, or in a private window:')
const env = demoEnvironment(standIn.env)
const server = spawn(process.execPath, [file], { env, stdio: ['ignore', 'inherit', 'inherit'] })
const ended = once(server, 'exit')
for (const name of endingSignals) process.on(name, () => server.kill())
const [code] = await ended
await standIn.close()
process.exitCode = code ?? 0
