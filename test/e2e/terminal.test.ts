import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { track } from '../support/fixtures.ts'
import { followLogin } from '../support/follow-login.ts'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { publicApp, type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const { title, skip } = needs('in a terminal', 'script')

describe.skipIf(skip)(title, () => {
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

  it('the first run asks for a client id, keeps it, and goes on to the browser', async () => {
    const { child, stdout, outcome } = sandbox.startInTerminal(['login', '--port', '0'], {
      env: { SPOTIFY_CLIENT_ID: '' },
    })
    await waitFor(() => stdout().includes('Client ID'))
    expect(stripVTControlCharacters(stdout())).toContain('http://127.0.0.1:3000/callback')
    child.stdin?.write('not an id\r')
    await waitFor(() => stdout().includes('32 characters'))
    child.stdin?.write('\u0015')
    child.stdin?.write(`${publicApp.clientId}\r`)
    await visit(await followLogin(await sandbox.openedUrl(), 'agree'))
    expect(await outcome).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Logged in as Ada Lovelace'),
    })
    expect(await sandbox.run(['config', 'get', 'client_id'])).toMatchObject({
      stdout: `${publicApp.clientId}\n`,
    })
  })

  it('Ctrl-D at the question does, too', async () => {
    const { child, stdout, outcome } = sandbox.startInTerminal(['login'], { env: { SPOTIFY_CLIENT_ID: '' } })
    // The guidance before it says "Client ID" as well; until the question is there the terminal swallows a Ctrl-D.
    await waitFor(() => stdout().includes('◆'))
    child.stdin?.write('\u0004')
    expect(await outcome).toMatchObject({ code: 130 })
  })

  it('Ctrl-C at the question exits 130', async () => {
    const { child, stdout, outcome } = sandbox.startInTerminal(['login'], { env: { SPOTIFY_CLIENT_ID: '' } })
    await waitFor(() => stdout().includes('Client ID'))
    child.stdin?.write('\u0003')
    expect(await outcome).toMatchObject({ code: 130 })
    expect(sandbox.wasBrowserOpened()).toBe(false)
  })

  it('Ctrl-C while it waits for the browser exits 130', async () => {
    const { child, outcome } = sandbox.startInTerminal(['login', '--port', '0'])
    await sandbox.openedUrl()
    child.stdin?.write('\u0003')
    expect(await outcome).toMatchObject({ code: 130 })
  })

  it('now-playing is a coloured card with a progress bar', async () => {
    await sandbox.logIn(standIn)
    standIn.playback = track
    const { stdout } = await sandbox.startInTerminal(['now-playing']).outcome
    expect(stdout).toContain('\u001b[')
    expect(stripVTControlCharacters(stdout)).toMatch(
      /▶ Clair de lune\r?\n.*Marisol Vantreight, Claude Debussy\r?\n.*Suite bergamasque\r?\n.*━+─+ 1:23 \/ 5:04/s,
    )
  })

  it.each([
    ['--no-color', ['--no-color'], {}],
    ['NO_COLOR', [], { NO_COLOR: '1' }],
  ])('%s leaves colours out', async (_, args, env) => {
    await sandbox.logIn(standIn)
    standIn.playback = track
    const { stdout } = await sandbox.startInTerminal(['now-playing', ...args], {
      env: env as Record<string, string>,
    }).outcome
    expect(stdout).toContain('Clair de lune')
    expect(stdout).not.toContain('\u001b[')
  })

  it('says on standard error when nothing plays', async () => {
    await sandbox.logIn(standIn)
    const { code, stdout } = await sandbox.startInTerminal(['now-playing']).outcome
    expect({ code, shown: stdout.trim() }).toEqual({ code: 0, shown: 'Nothing is playing.' })
  })
})
