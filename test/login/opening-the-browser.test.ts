import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { expectItEnds } from '../support/expect-login.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { writeScript } from '../support/shell-script.ts'
import { visit } from '../support/visit.ts'

describe.concurrent('the login works', () => {
  // That the program itself ends while one hangs is asserted where nothing else runs: in ends-at-once.alone.test.ts.
  it.for([
    ['missing', undefined],
    ['failing', 'exit 3'],
    ['hanging', 'exec sleep 20'],
  ] as const)('with an opener that is %s', async ([name, lines], { sandbox }) => {
    const opener = lines ? writeScript(sandbox, name, lines) : '/nowhere/browser'
    const env = { BROWSER: opener }
    const login = await beginLoginInProcess(sandbox, [], { env })
    await visit(await login.answer('agree'))
    await expectItEnds(login)
  })

  it('with a shell inside BROWSER, and nothing of it is executed', async ({ sandbox }) => {
    const { HOME = '' } = sandbox.env
    const witness = path.join(HOME, 'witness')
    const browser = writeScript(
      sandbox,
      'words',
      `for word; do printf '%s\\n' "$word" >> ${HOME}/words.txt; done`,
    )
    const login = await beginLoginInProcess(sandbox, [], {
      env: { BROWSER: `${browser} $(touch\t${witness}) ;touch ${witness} %s` },
    })
    const words = path.join(HOME, 'words.txt')
    await waitFor(() => existsSync(words) && /\/[\w-]{22}\n$/.test(readFileSync(words, 'utf8')))
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(readFileSync(words, 'utf8').trim().split('\n')).toEqual([
      '$(touch',
      `${witness})`,
      ';touch',
      witness,
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/),
    ])
    expect(existsSync(witness)).toBe(false)
  })
})

describe.concurrent('the system’s browser', () => {
  it.for<[string, Record<string, string>, boolean]>([
    ['opens with a display', {}, true],
    ['stays closed over SSH', { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' }, false],
    ['stays closed over SSH (SSH_TTY alone)', { SSH_TTY: '/dev/pts/1' }, false],
    ['stays closed without a display', { DISPLAY: '' }, false],
  ])('%s', async ([, conditions, opens], { sandbox }) => {
    const { HOME = '', PATH } = sandbox.env
    // `open` brings its own xdg-open, which falls back to x-www-browser where xdg-mime knows none.
    const opened = path.join(HOME, 'opened')
    writeScript(sandbox, 'xdg-mime', 'exit 0')
    writeScript(sandbox, 'x-www-browser', `touch ${opened}`)
    const env = { BROWSER: '', DISPLAY: ':0', PATH: `${HOME}:${PATH}`, ...conditions }
    // `open` looks into the environment of its own process: so the program, where it may be called.
    const isRun = opens || 'SSH_CONNECTION' in conditions
    const login = await (isRun ? sandbox.beginLogin([], { env }) : beginLoginInProcess(sandbox, [], { env }))
    expect(login.stderr().includes('Your browser opens')).toBe(opens)
    expect(login.stderr().includes('ssh -L ')).toBe(!opens)
    if (opens) await waitFor(() => existsSync(opened))
    else if (isRun) await sleep(500)
    expect(existsSync(opened)).toBe(opens)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
  })
})

it('says so when the browser cannot be started', async ({ sandbox }) => {
  const login = await beginLoginInProcess(sandbox, [], { env: { BROWSER: '/nowhere/browser' } })
  await waitFor(() => login.stderr().includes('The browser could not be started'))
  await visit(await login.answer('cancel'))
  await login.outcome
})
