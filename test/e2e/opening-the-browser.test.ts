import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { confidentialApp, type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  sandbox = createSandbox(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

/** A program in the sandbox that does what the shell script says. */
function script(name: string, text: string): string {
  const file = path.join(sandbox.env.HOME ?? '', name)
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return file
}

describe('E1: the login works', () => {
  it.each([
    ['missing', () => '/nowhere/browser'],
    ['failing', () => script('failing', 'exit 3')],
    ['hanging', () => script('hanging', 'exec sleep 20')],
  ])('with an opener that is %s', async (_, opener) => {
    const login = await sandbox.beginLogin([], { env: { BROWSER: opener() } })
    await visit(await login.answer('agree'))
    const shownAt = Date.now()
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(Date.now() - shownAt).toBeLessThan(1_000)
  })

  it('with a shell inside BROWSER, and nothing of it is executed', async () => {
    const witness = path.join(sandbox.env.HOME ?? '', 'witness')
    const browser = script(
      'words',
      `for word; do printf '%s\\n' "$word" >> ${sandbox.env.HOME}/words.txt; done`,
    )
    const login = await sandbox.beginLogin([], {
      env: { BROWSER: `${browser} $(touch\t${witness}) ;touch ${witness} %s` },
    })
    const words = path.join(sandbox.env.HOME ?? '', 'words.txt')
    await waitFor(() => existsSync(words) && readFileSync(words, 'utf8').includes('authorize'))
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(readFileSync(words, 'utf8').trim().split('\n')).toEqual([
      '$(touch',
      `${witness})`,
      ';touch',
      witness,
      login.authorizeUrl.href,
    ])
    expect(existsSync(witness)).toBe(false)
  })
})

it.each([
  ['opens with a display', {}, true],
  ['stays closed over SSH', { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' }, false],
  ['stays closed over SSH (SSH_TTY alone)', { SSH_TTY: '/dev/pts/1' }, false],
  ['stays closed without a display', { DISPLAY: '' }, false],
] as [string, Record<string, string>, boolean][])('the system’s browser %s', async (_, conditions, opens) => {
  const directory = sandbox.env.HOME ?? ''
  // `open` brings its own xdg-open, which falls back to x-www-browser where xdg-mime knows none.
  const opened = path.join(directory, 'opened')
  for (const [name, line] of [
    ['xdg-mime', 'exit 0'],
    ['x-www-browser', `touch ${opened}`],
  ] as const) {
    writeFileSync(path.join(directory, name), `#!/bin/sh\n${line}\n`)
    chmodSync(path.join(directory, name), 0o755)
  }
  const env = { BROWSER: '', DISPLAY: ':0', PATH: `${directory}:${sandbox.env.PATH}`, ...conditions }
  const login = await sandbox.beginLogin([], { env })
  expect(login.stderr().includes('Your browser opens')).toBe(opens)
  expect(login.stderr().includes('ssh -L ')).toBe(!opens)
  if (opens) await waitFor(() => existsSync(opened))
  else await new Promise((resolve) => setTimeout(resolve, 500))
  expect(existsSync(opened)).toBe(opens)
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 0 })
})

it('says so when the browser cannot be started', async () => {
  const login = await sandbox.beginLogin([], { env: { BROWSER: '/nowhere/browser' } })
  await waitFor(() => login.stderr().includes('The browser could not be started'))
  login.child.kill()
  await login.outcome
})

it('the short link leads to the authorize URL, and dies with the login', async () => {
  const login = await sandbox.beginLogin()
  const link =
    new RegExp(`http://127\\.0\\.0\\.1:${new URL(login.redirectUri).port}/[\\w-]{22}`).exec(
      login.stderr(),
    )?.[0] ?? ''
  const { status, headers } = await visit(link)
  expect({ status, location: headers.location }).toEqual({ status: 302, location: login.authorizeUrl.href })
  expect((await visit(new URL('/', link))).text).not.toContain('authorize')
  await visit(await login.answer('agree'))
  await login.outcome
  await expect(visit(link)).rejects.toThrow('ECONNREFUSED')
})

const proc = needs(
  'E2: no secret is in the command line of the program or of what it starts',
  '/proc/self/cmdline',
)
it.skipIf(proc.skip)(proc.title, async () => {
  const argv = path.join(sandbox.env.HOME ?? '', 'argv')
  const browser = script('slow', `printf '%s\\n' "$@" > ${argv}; sleep 5`)
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
  await waitFor(() => existsSync(argv))
  expect(readFileSync(argv, 'utf8')).toBe(`${login.authorizeUrl.href}\n`)
  await visit(callback)
  await login.outcome
  clearInterval(watching)
  const all = [...seen].join('\n')
  // The watch has seen the program itself, so that the rest means something.
  expect(all).toContain('login --port 0')
  const stored = JSON.parse(readFileSync(sandbox.credentialFile, 'utf8'))
  const code = new URL(callback).searchParams.get('code') ?? ''
  const verifier = standIn.requestsTo('POST /api/token')[0]?.form.get('code_verifier') ?? ''
  for (const secret of [
    confidentialApp.clientSecret,
    stored.access_token,
    stored.refresh_token,
    code,
    verifier,
  ]) {
    expect(secret).not.toBe('')
    expect(all).not.toContain(secret)
  }
})
