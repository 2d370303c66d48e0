import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { writeScript } from '../support/shell-script.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

it('login and refresh say nothing secret with --verbose', async ({ sandbox, standIn }) => {
  const login = await sandbox.beginLogin(['--verbose'])
  const callback = await login.answer('agree')
  await visit(callback)
  const first = await login.outcome
  const read = () => JSON.parse(readFileSync(sandbox.credentialFile, 'utf8'))
  const before = read()
  const second = await runInProcess(sandbox, ['token', '--refresh', '--verbose'])
  const told = first.stdout + first.stderr + second.stderr
  expect(told).toMatch(/^POST \S+\/api\/token 200 /m)
  const [exchange] = standIn.requestsTo('POST /api/token')
  const secrets = [
    before.access_token,
    before.refresh_token,
    read().access_token,
    new URL(callback).searchParams.get('code'),
    exchange?.form.get('code_verifier'),
  ]
  for (const secret of secrets) {
    expect(secret).toBeTruthy()
    expect(told).not.toContain(secret)
  }
  const state = login.authorizeUrl.searchParams.get('state') ?? ''
  expect(told.replaceAll(login.authorizeUrl.href, '')).not.toContain(state)
})

const proc = needs(
  'no secret is in the command line of the program or of what it starts',
  '/proc/self/cmdline',
)
it.skipIf(proc.skip)(proc.title, async ({ sandbox, standIn }) => {
  const argv = path.join(sandbox.env.HOME ?? '', 'argv')
  const browser = writeScript(sandbox, 'slow', `printf '%s\\n' "$@" > ${argv}; sleep 5`)
  const login = await sandbox.beginLogin(['--client-id', confidentialApp.clientId, '--client-secret-stdin'], {
    stdin: confidentialApp.clientSecret,
    env: { BROWSER: browser },
  })
  standIn.fault('POST /api/token', { delayMs: 300 })
  const callback = await login.answer('agree')
  const seen = new Set<string>()
  const watching = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
      } catch {
        // It has ended meanwhile.
      }
    }
  }, 20)
  await waitFor(() => existsSync(argv) && readFileSync(argv, 'utf8').endsWith('\n'))
  expect(readFileSync(argv, 'utf8')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\n$/)
  await visit(callback)
  await login.outcome
  clearInterval(watching)
  const all = [...seen].join('\n')
  // The watch has seen the program and what it starts, so that the rest means something.
  expect(all).toContain(`login --port 0 --client-id ${confidentialApp.clientId} --client-secret-stdin`)
  expect(all).toContain(browser)
  const stored = JSON.parse(readFileSync(sandbox.credentialFile, 'utf8'))
  const code = new URL(callback).searchParams.get('code') ?? ''
  const verifier = standIn.requestsTo('POST /api/token')[0]?.form.get('code_verifier') ?? ''
  for (const secret of [
    confidentialApp.clientSecret,
    login.authorizeUrl.searchParams.get('state'),
    stored.access_token,
    stored.refresh_token,
    code,
    verifier,
  ]) {
    expect(secret).not.toBe('')
    expect(all).not.toContain(secret)
  }
})
