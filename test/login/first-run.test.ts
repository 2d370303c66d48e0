import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { followLogin } from '../support/follow-login.ts'
import { runInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { publicApp } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

/** Waits for the mark of the question: what is typed before it, while the guidance is shown, would be lost. */
const asksForClientId = (stdout: () => string) =>
  waitFor(() => /◆.*Client ID/.test(stripVTControlCharacters(stdout())))

const { title, skip } = needs('login in a terminal', 'script')

describe.skipIf(skip).concurrent(title, () => {
  it('the first run asks for a client id, keeps it, and goes on to the browser, although one could paste', async ({
    sandbox,
  }) => {
    const { child, stdout, outcome } = sandbox.startInTerminal(['login', '--port', '0'], {
      env: { SPOTIFY_CLIENT_ID: '' },
    })
    await asksForClientId(stdout)
    expect(stripVTControlCharacters(stdout())).toContain('http://127.0.0.1:3000/callback')
    child.stdin?.write('not an id\r')
    await waitFor(() => stdout().includes('32 characters'))
    child.stdin?.write('\u0015')
    child.stdin?.write(`${publicApp.clientId}\r`)
    const { headers } = await visit(await sandbox.openedUrl())
    await waitFor(() => stdout().includes('paste here'))
    const page = await visit(await followLogin(headers.location ?? '', 'agree'))
    expect(page.text).toContain('All set!')
    expect(await outcome).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Logged in as Ada Lovelace'),
    })
    expect(await runInProcess(sandbox, ['config', 'get', 'client_id'])).toMatchObject({
      stdout: `${publicApp.clientId}\n`,
    })
  })

  it('Ctrl-D at the question exits 130', async ({ sandbox }) => {
    const { child, stdout, outcome } = sandbox.startInTerminal(['login'], { env: { SPOTIFY_CLIENT_ID: '' } })
    await asksForClientId(stdout)
    child.stdin?.write('\u0004')
    expect(await outcome).toMatchObject({ code: 130 })
  })

  it('Ctrl-C at the question exits 130', async ({ sandbox }) => {
    const { child, stdout, outcome } = sandbox.startInTerminal(['login'], { env: { SPOTIFY_CLIENT_ID: '' } })
    await asksForClientId(stdout)
    child.stdin?.write('\u0003')
    expect(await outcome).toMatchObject({ code: 130 })
    expect(sandbox.wasBrowserOpened()).toBe(false)
  })
})
