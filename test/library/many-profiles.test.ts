import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { waitFor } from '../support/sandbox.ts'
import { startScript } from '../support/script.ts'

const refreshAll = `
  import { openSession } from 'spotify-auth-cli'
  const profiles = Array.from({ length: 12 }, (_, at) => 'p' + at)
  const sessions = await Promise.all(profiles.map((profile) => openSession({ profile })))
  console.log(sessions.length)`

it('twelve profiles are refreshed at once without a warning, and a signal waits for the last', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn, { expiresAtMs: Date.now() - 1_000 })
  const text = readFileSync(sandbox.credentialFile)
  const fileOf = (at: number) => path.join(path.dirname(sandbox.credentialFile), `p${at}.json`)
  const all = Array.from({ length: 12 }, (_, at) => fileOf(at))
  for (const file of all) writeFileSync(file, text, { mode: 0o600 })
  standIn.fault('POST /api/token', ...Array(12).fill({ delayMs: 300 }))
  const first = await startScript(refreshAll, sandbox.env).outcome
  expect(first).toEqual({ code: 0, signal: null, stdout: '12\n', stderr: '' })

  for (const file of all) writeFileSync(file, text, { mode: 0o600 })
  standIn.fault('POST /api/token', ...Array.from({ length: 12 }, (_, at) => ({ delayMs: 300 + at * 50 })))
  const second = startScript(refreshAll, sandbox.env)
  await waitFor(() => standIn.requestsTo('POST /api/token').length === 24)
  second.child.kill('SIGTERM')
  expect(await second.outcome).toMatchObject({ signal: 'SIGTERM', stdout: '', stderr: '' })
  for (const file of all) expect(readFileSync(file)).not.toEqual(text)
})
