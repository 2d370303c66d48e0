import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { readDotfile } from '../../src/session/dotfile.ts'
import { it } from '../support/fixture.ts'

const saver = fileURLToPath(new URL('../support/save-in-a-loop.ts', import.meta.url))

// Hundreds of saves take as long as the disk takes to confirm them.
const timeout = 180_000

it('three thousand reads while three hundred saves replace the file see a whole login each time', {
  timeout,
}, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  const child = spawn(process.execPath, ['--import', 'tsx', saver, sandbox.home, '300'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let saves = ''
  child.stdout.on('data', (text) => {
    saves += text
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const stderr = { isTerminal: false, columns: 80, write: () => {} }
  const place = { home: sandbox.home, profile: 'default', stderr }
  const first = readDotfile(place, place.stderr)?.accessToken
  const seen = new Set<string>()
  let reads = 0
  while (child.exitCode === null || reads < 3_000) {
    const token = readDotfile(place, place.stderr)?.accessToken ?? 'missing'
    seen.add(token)
    // Until the first save reads prove nothing; afterwards there is a rest after so many, to leave time for the saves, and a
    // long one when the count is full.
    if (token === first) await sleep(20)
    else if (++reads % 40 === 0) await sleep(reads < 3_000 ? 1 : 20)
  }
  expect(await ended).toBe(0)
  expect(saves).toBe('300 saves')
  expect(seen.has('missing')).toBe(false)
  // The reads fell between the saves, not before or after them.
  expect(seen.size).toBeGreaterThan(20)
})
