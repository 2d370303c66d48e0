import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { failing } from '../support/failing-calls.ts'
import { it } from '../support/fixture.ts'
import { followLogin } from '../support/follow-login.ts'
import { programFile, type Sandbox, waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

interface WindowOptions {
  env?: Record<string, string>
  /** A program and its arguments that starts ours. */
  under?: string[]
  /** What the shell does when the window is closed: it tells the program so, as bash does. */
  onHangUp?: string
}

/** Starts the program in a terminal whose window can be closed; its shell notes how it ended. */
function openWindow(
  { env }: Sandbox,
  args: string[],
  { env: more, under = [], onHangUp = 'kill -HUP $child' }: WindowOptions = {},
) {
  const ending = path.join(env.HOME ?? '', 'ending')
  const line = [...under, process.execPath, programFile, ...args].map((word) => `'${word}'`).join(' ')
  const script = `exec 3<&0; ${line} <&3 & child=$!; trap '${onHangUp}' HUP
    wait $child; code=$?; while kill -0 $child; do wait $child; code=$?; done; echo $code > '${ending}'`
  const child = spawn('script', ['-qec', script, '/dev/null'], {
    env: { ...env, TERM: 'xterm-256color', SHELL: '/bin/sh', ...more },
  })
  let shown = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    shown += text
  })
  return {
    shown: () => shown,
    async close(): Promise<number> {
      child.kill('SIGKILL')
      await waitFor(() => existsSync(ending) && readFileSync(ending, 'utf8').endsWith('\n'))
      return Number(readFileSync(ending, 'utf8'))
    },
  }
}

const { title, skip } = needs('the terminal’s window is closed', 'script')
describe.skipIf(skip)(title, () => {
  it('while login waits for the browser: exit 129', async ({ sandbox }) => {
    const window = openWindow(sandbox, ['login', '--port', '0'])
    await waitFor(() => window.shown().includes('paste here'))
    expect(await window.close()).toBe(129)
  })

  // Each look at the terminal takes a moment, so that the window is closed between two of them.
  const strace = needs('before login has begun to read from it: exit 129', 'strace')
  it.skipIf(strace.skip)(strace.title, async ({ sandbox }) => {
    const under = failing('ioctl:delay_enter=60000')
    const window = openWindow(sandbox, ['login', '--port', '0', '--no-browser'], { under })
    await waitFor(() => window.shown().includes('/authorize?'))
    expect(await window.close()).toBe(129)
  })

  const setsid = needs('while login waits in a session of its own, which gets no signal: exit 129', 'setsid')
  it.skipIf(setsid.skip)(setsid.title, async ({ sandbox }) => {
    const window = openWindow(sandbox, ['login', '--port', '0'], { under: [setsid.file], onHangUp: ':' })
    await waitFor(() => window.shown().includes('paste here'))
    expect(await window.close()).toBe(129)
  })

  it('while it asks for the client id: exit 129', async ({ sandbox }) => {
    const window = openWindow(sandbox, ['login'], { env: { SPOTIFY_CLIENT_ID: '' } })
    await waitFor(() => window.shown().includes('◆'))
    expect(await window.close()).toBe(129)
  })

  it('when the login is saved, and only the name is missing: it stays saved, and nothing crashes', async ({
    sandbox,
    standIn,
  }) => {
    standIn.fault('GET /v1/me', { hang: true })
    const window = openWindow(sandbox, ['login', '--port', '0'])
    await waitFor(() => window.shown().includes('paste here'))
    const [authorizeUrl = ''] = /http\S+\/authorize\?\S+/.exec(window.shown()) ?? []
    await visit(await followLogin(authorizeUrl, 'agree'))
    await waitFor(() => standIn.requestsTo('GET /v1/me').length === 1)
    expect(await window.close()).toBe(129)
    expect(sandbox.readCredential()).toMatchObject({ scopes: ['user-read-currently-playing'] })
  })
})
