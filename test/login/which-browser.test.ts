import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

const place = ({ env }: Sandbox, name: string) => path.join(env.HOME ?? '', name)

/** A program in the sandbox that does what the shell script says. */
function program(sandbox: Sandbox, name: string, script: string): string {
  const file = place(sandbox, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return file
}

/** What cannot be executed, and the system's word for it. The program itself meets one of them in each table. */
const impossible: [string, (sandbox: Sandbox) => string, string][] = [
  ['below a file', (sandbox) => `${program(sandbox, 'file', '')}/browser`, 'ENOTDIR'],
  [
    'a link in a circle',
    (sandbox) => {
      symlinkSync('circle', place(sandbox, 'circle'))
      return place(sandbox, 'circle')
    },
    'ELOOP',
  ],
  [
    'a directory',
    (sandbox) => {
      mkdirSync(place(sandbox, 'directory'))
      return place(sandbox, 'directory')
    },
    'EACCES',
  ],
  ['missing', (sandbox) => place(sandbox, 'missing'), 'ENOENT'],
  ['failing', (sandbox) => program(sandbox, 'failing', 'exit 3'), 'exit code 3'],
  ['crashing', (sandbox) => program(sandbox, 'crashing', 'kill -SEGV $$'), 'SIGSEGV'],
]

it.concurrent.for(impossible)(
  'a browser that is %s is told, and the login waits',
  async ([, name, reason], { sandbox }) => {
    const browser = name(sandbox)
    const env = { BROWSER: browser }
    const login = await (reason === 'ENOTDIR'
      ? sandbox.beginLogin([], { env })
      : beginLoginInProcess(sandbox, [], { env }))
    await waitFor(() => login.stderr().includes('Please open the address above.'))
    expect(login.stderr()).toContain(`The browser could not be started (${browser}: ${reason}).\n`)
    await visit(await login.answer('agree'))
    const { code, stderr } = await login.outcome
    expect(code).toBe(0)
    expect(stderr).not.toMatch(/^ {4}at |node:/m)
  },
)

it.concurrent.for(impossible)(
  'of a list the next one is started when one is %s',
  async ([, name, reason], { sandbox }) => {
    const next = program(sandbox, 'the next', `printf '%s\\n' "$@" > ${place(sandbox, 'words')}`)
    const BROWSER = `:${name(sandbox)}: "${next}" --to=%s --new="of two" :${program(sandbox, 'last', `touch ${place(sandbox, 'last-ran')}`)}`
    const env = { BROWSER }
    const login = await (reason === 'ENOENT'
      ? sandbox.beginLogin([], { env })
      : beginLoginInProcess(sandbox, [], { env }))
    await waitFor(
      () => existsSync(place(sandbox, 'words')) && readFileSync(place(sandbox, 'words'), 'utf8') !== '',
    )
    expect(readFileSync(place(sandbox, 'words'), 'utf8')).toMatch(
      /^--to=http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\n--new=of two\n$/,
    )
    await waitFor(() => login.stderr().includes(`: ${reason}).\n`))
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Please open') })
    expect(existsSync(place(sandbox, 'last-ran'))).toBe(false)
  },
)

it('no second browser is started when the first has been at the link, however it ends', async ({
  sandbox,
}) => {
  const first = program(sandbox, 'first', `printf %s "$1" > ${place(sandbox, 'link')}\nsleep 0.4\nexit 1`)
  const second = program(sandbox, 'second', `touch ${place(sandbox, 'second-ran')}`)
  const login = await beginLoginInProcess(sandbox, [], { env: { BROWSER: `${first}:${second}` } })
  await waitFor(
    () => existsSync(place(sandbox, 'link')) && readFileSync(place(sandbox, 'link'), 'utf8') !== '',
  )
  expect(await visit(readFileSync(place(sandbox, 'link'), 'utf8'))).toMatchObject({ status: 302 })
  await new Promise((resolve) => setTimeout(resolve, 800))
  expect(existsSync(place(sandbox, 'second-ran'))).toBe(false)
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('could not') })
})
