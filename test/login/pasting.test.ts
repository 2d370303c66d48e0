import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { followLogin } from '../support/follow-login.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

const { title, skip } = needs('pasted into a terminal', 'script')

describe.skipIf(skip).concurrent(title, () => {
  async function begin(sandbox: Sandbox, args = ['--no-browser', '--port', '0']) {
    const running = sandbox.startInTerminal(['login', ...args])
    const shown = () => stripVTControlCharacters(running.stdout())
    await waitFor(() => shown().includes('paste here, or Ctrl-C'))
    const authorizeUrl = /^http\S+\/authorize\?\S+/m.exec(shown())?.[0] ?? ''
    const paste = (text: string) => running.child.stdin?.write(`${text}\r`)
    return { ...running, shown, paste, callback: await followLogin(authorizeUrl, 'agree') }
  }

  it('the whole address logs in while the listener waits as well, and is not shown', async ({
    sandbox,
    standIn,
  }) => {
    const { shown, paste, callback, outcome } = await begin(sandbox)
    expect(shown()).toContain('ssh -L ')
    paste(callback)
    expect(await outcome).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Logged in as Ada Lovelace'),
    })
    expect(shown()).not.toContain(new URL(callback).searchParams.get('code'))
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  })

  it('what is not this login is refused with a hint, Ctrl-D is nothing, and the wait goes on', async ({
    sandbox,
    standIn,
  }) => {
    const { child, shown, paste, callback, outcome } = await begin(sandbox)
    const code = new URL(callback).searchParams.get('code') ?? ''
    child.stdin?.write('\u0004')
    await sleep(200)
    paste(code)
    await waitFor(() => shown().includes('That is not an address.'))
    paste('what now?')
    await waitFor(() => shown().split('That is not an address.').length === 3)
    paste(callback.replace(/state=[^&]*/, 'state=wrong'))
    await waitFor(() => shown().includes('That address is not of this login'))
    paste('https://example.com/callback?code=x&state=y')
    await waitFor(() => shown().includes('That is another address.'))
    expect(standIn.requestsTo('POST /api/token')).toEqual([])
    paste(callback)
    expect(await outcome).toMatchObject({ code: 0 })
    expect(shown()).not.toContain(code)
    expect(shown()).not.toContain('what now?')
  })

  it('where nothing listens no browser is started, and the address is pasted', async ({ sandbox }) => {
    const args = ['--redirect-uri', 'https://login.example/callback']
    const { shown, paste, callback, outcome } = await begin(sandbox, args)
    expect(callback).toMatch(/^https:\/\/login\.example\/callback\?/)
    expect(shown()).not.toContain('ssh -L')
    paste(callback)
    expect(await outcome).toMatchObject({ code: 0 })
    expect(sandbox.wasBrowserOpened()).toBe(false)
  })

  it('Ctrl-C still stops, also once the browser is open', async ({ sandbox }) => {
    const { child, outcome } = await begin(sandbox, ['--port', '0'])
    await sandbox.openedUrl()
    child.stdin?.write('\u0003')
    expect(await outcome).toMatchObject({ code: 130 })
  })
})
