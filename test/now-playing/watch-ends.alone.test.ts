import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { hearATrack } from '../support/now-playing.ts'
import { programFile, waitFor } from '../support/sandbox.ts'

it.beforeEach(hearATrack)

it('ends at once with SIGTERM', async ({ sandbox }) => {
  const { child, stdout, outcome } = sandbox.start(['now-playing', '--watch'])
  await waitFor(() => stdout().includes('\n'))
  const startedAt = Date.now()
  child.kill('SIGTERM')
  expect(await outcome).toMatchObject({ signal: 'SIGTERM' })
  expect(Date.now() - startedAt).toBeLessThan(500)
})

const start = `"${process.execPath}" "${programFile}" now-playing --watch`

it('ends quietly when it has something to say and its reader has gone', async ({ sandbox }) => {
  const shell = spawn('sh', ['-c', `${start} --format {progress} | head -1`], { env: sandbox.env })
  let shown = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.on('data', (text) => {
      shown += text
    })
  }
  const startedAt = Date.now()
  await once(shell, 'close')
  expect(shown).toBe('1:23\n')
  expect(Date.now() - startedAt).toBeLessThan(4_000)
})

it('ends when the bar that started it is killed, also when nothing changes', async ({ sandbox }) => {
  const bar = spawn('sh', ['-c', `${start} & wait`], { env: sandbox.env })
  let shown = ''
  bar.stdout.on('data', (text) => {
    shown += text
  })
  await waitFor(() => shown.includes('Clair de lune'))
  let isOpen = true
  bar.stdout.on('close', () => {
    isOpen = false
  })
  bar.kill('SIGKILL')
  // What is left holds the pipe.
  await waitFor(() => !isOpen, 3_000)
})
