import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { followLogin } from '../support/follow-login.ts'
import { programFile, type Sandbox, waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

/** Starts the program in a terminal whose window can be closed; its shell tells it so, as bash does, and notes how it ended. */
function openWindow({ env }: Sandbox, args: string[], more: Record<string, string> = {}) {
  const ending = path.join(env.HOME ?? '', 'ending')
  const line = [process.execPath, programFile, ...args].map((word) => `'${word}'`).join(' ')
  const script = `exec 3<&0; ${line} <&3 & child=$!; trap 'kill -HUP $child' HUP
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

  it('while it asks for the client id: exit 129', async ({ sandbox }) => {
    const window = openWindow(sandbox, ['login'], { SPOTIFY_CLIENT_ID: '' })
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
    expect(await window.close()).toBeLessThan(128)
    expect(sandbox.readCredential()).toMatchObject({ scopes: ['user-read-currently-playing'] })
  })
})
