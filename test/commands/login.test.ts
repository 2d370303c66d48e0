import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCredential } from '../../src/session/credential.ts'
import { followLogin } from '../support/follow-login.ts'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { confidentialApp, publicApp, type StandIn, startStandIn } from '../support/stand-in.ts'
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

const stored = () => parseCredential(readFileSync(sandbox.credentialFile, 'utf8'))
const exchanges = () => standIn.requestsTo('POST /api/token')

/** A login that waits for its callback. */
async function waitingLogin(args: string[] = [], options = {}) {
  const running = sandbox.start(['login', '--port', '0', ...args], options)
  const authorizeUrl = new URL(await sandbox.openedUrl())
  const redirectUri = authorizeUrl.searchParams.get('redirect_uri') ?? ''
  const agree = () => followLogin(authorizeUrl.href, 'agree')
  return { ...running, authorizeUrl, redirectUri, agree }
}

describe('a login', () => {
  it('saves what Spotify granted, privately, and says who is logged in', async () => {
    const { agree, outcome } = await waitingLogin()
    const page = await visit(await agree())
    const showedAt = Date.now()
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('All set!') })
    expect(await outcome).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Logged in as Ada Lovelace \(ada\.lovelace\) until \d+ \w+ \d+\.\n$/),
    })
    expect(Date.now() - showedAt).toBeLessThan(1_000)
    expect(stored()).toMatchObject({
      clientId: publicApp.clientId,
      scope: ['user-read-currently-playing'],
      user: { id: 'ada.lovelace', displayName: 'Ada Lovelace' },
    })
    expect(statSync(sandbox.credentialFile).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(sandbox.credentialFile)).mode & 0o777).toBe(0o700)
    expect(statSync(sandbox.home).mode & 0o777).toBe(0o700)
  })

  it('has the credential on disk when it says "All set!"', async () => {
    const { agree, outcome } = await waitingLogin()
    standIn.fault('GET /v1/me', { delayMs: 300 })
    await visit(await agree())
    expect(stored().clientId).toBe(publicApp.clientId)
    await outcome
  })

  it('asks with PKCE, a state and the scopes of the command line', async () => {
    const { authorizeUrl, redirectUri, child, outcome } = await waitingLogin([
      '--scope',
      'streaming,user-read-email',
      '--scope',
      'user-top-read',
      '--show-dialog',
    ])
    expect(authorizeUrl.origin + authorizeUrl.pathname).toBe(`${standIn.accountsUrl}/authorize`)
    expect(Object.fromEntries(authorizeUrl.searchParams)).toEqual({
      response_type: 'code',
      client_id: publicApp.clientId,
      redirect_uri: redirectUri,
      scope: 'streaming user-read-email user-top-read',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      show_dialog: 'true',
    })
    child.kill('SIGTERM')
    expect(await outcome).toMatchObject({ code: 143 })
  })

  it('sends the secret of an app that has one as HTTP Basic, with PKCE', async () => {
    const { agree, outcome } = await waitingLogin(
      ['--client-id', confidentialApp.clientId, '--client-secret-stdin'],
      {
        stdin: `${confidentialApp.clientSecret}\n`,
      },
    )
    await visit(await agree())
    expect(await outcome).toMatchObject({ code: 0 })
    const pair = Buffer.from(`${confidentialApp.clientId}:${confidentialApp.clientSecret}`).toString('base64')
    expect(exchanges()[0]?.headers.authorization).toBe(`Basic ${pair}`)
    expect(exchanges()[0]?.form.get('code_verifier')).toMatch(/^[\w-]{43,128}$/)
    expect(stored().clientSecret).toBe(confidentialApp.clientSecret)
  })

  it('works on [::1]', async () => {
    const { agree, outcome, redirectUri } = await waitingLogin(['--redirect-uri', 'http://[::1]/callback'])
    expect(redirectUri).toMatch(/^http:\/\/\[::1\]:\d+\/callback$/)
    await visit(await agree())
    expect(await outcome).toMatchObject({ code: 0 })
  })

  it('remembers the flags that it was given for the next one', async () => {
    const { agree, outcome } = await waitingLogin(
      ['--client-id', confidentialApp.clientId, '--scope', 'streaming'],
      {
        env: { SPOTIFY_CLIENT_SECRET: confidentialApp.clientSecret },
      },
    )
    await visit(await agree())
    await outcome
    const { stdout } = await sandbox.run(['config', 'list', '--json'])
    expect(JSON.parse(stdout)).toEqual({ client_id: confidentialApp.clientId, scope: 'streaming' })
  })

  it('moves a file aside that is not a login', async () => {
    mkdirSync(path.dirname(sandbox.credentialFile), { recursive: true })
    writeFileSync(sandbox.credentialFile, '{')
    const { agree, outcome } = await waitingLogin()
    await visit(await agree())
    expect(await outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('.bad') })
    const aside = readdirSync(path.dirname(sandbox.credentialFile)).filter((name) => name.endsWith('.bad'))
    expect(aside).toHaveLength(1)
    expect(stored().clientId).toBe(publicApp.clientId)
  })

  it('stands when the API refuses to say whose it is', async () => {
    standIn.fault('GET /v1/me', { status: 403, body: 'User not registered in the Developer Dashboard' })
    const { agree, outcome } = await waitingLogin()
    await visit(await agree())
    expect(await outcome).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the app's list of users"),
    })
    expect(stored().user).toBeUndefined()
  })

  it('prints JSON when asked', async () => {
    const { agree, outcome } = await waitingLogin(['--json'])
    await visit(await agree())
    expect(JSON.parse((await outcome).stdout)).toMatchObject({
      profile: 'default',
      user: { id: 'ada.lovelace' },
    })
  })
})

describe('goes on waiting after', () => {
  it.each([
    ['a wrong state', (uri: string) => visit(`${uri}?code=x&state=wrong`), 400],
    ['a denial without our state', (uri: string) => visit(`${uri}?error=access_denied`), 400],
    ['the favicon', (uri: string) => visit(new URL('/favicon.ico', uri)), 404],
    ['a POST', (uri: string) => visit(uri, { method: 'POST' }), 405],
  ])('%s', async (_, send, status) => {
    const { agree, outcome, redirectUri } = await waitingLogin()
    expect((await send(redirectUri)).status).toBe(status)
    expect(await visit(await agree())).toMatchObject({ status: 200 })
    expect(await outcome).toMatchObject({ code: 0 })
    expect(exchanges()).toHaveLength(1)
  })

  it('our state without a code', async () => {
    const { agree, outcome, redirectUri, authorizeUrl } = await waitingLogin()
    const { status } = await visit(`${redirectUri}?state=${authorizeUrl.searchParams.get('state')}`)
    expect(status).toBe(400)
    await visit(await agree())
    expect(await outcome).toMatchObject({ code: 0 })
  })

  it('a foreign host', async () => {
    const { agree, outcome } = await waitingLogin()
    const callback = await agree()
    expect((await visit(callback, { headers: { host: 'evil.example' } })).status).toBe(421)
    expect(exchanges()).toHaveLength(0)
    await visit(callback)
    expect(await outcome).toMatchObject({ code: 0 })
  })
})

describe('ends without a login', () => {
  const untouched = () => expect(() => statSync(sandbox.credentialFile)).toThrow('ENOENT')

  it('when the user does not agree', async () => {
    const { authorizeUrl, outcome } = await waitingLogin(['--json'])
    const page = await visit(await followLogin(authorizeUrl.href, 'cancel'))
    expect(page.text).toContain('You did not agree')
    const { code, stderr } = await outcome
    expect(code).toBe(4)
    expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.code).toBe('login_denied')
    expect(exchanges()).toHaveLength(0)
    untouched()
  })

  it.each([
    ['refuses the code', { status: 400, body: { error: 'invalid_grant' } }, 4],
    ['does not know the app', { status: 401, body: { error: 'invalid_client' } }, 4],
    ['is down', { status: 500, body: 'oops' }, 6],
    ['drops the connection', { reset: true }, 6],
    [
      'answers without a refresh token',
      { transform: ({ refresh_token: _, ...json }: Record<string, unknown>) => json },
      6,
    ],
  ])('when the token endpoint %s', async (_, fault, code) => {
    standIn.fault('POST /api/token', fault)
    const { agree, outcome } = await waitingLogin()
    const page = await visit(await agree())
    expect(page.text).toContain('Login failed')
    expect(await outcome).toMatchObject({ code, stdout: '' })
    expect(exchanges()).toHaveLength(1)
    untouched()
  })

  it('when nobody comes back, and says what may be wrong in the dashboard', async () => {
    const { outcome, redirectUri } = await waitingLogin(['--timeout', '1'])
    const { code, stderr } = await outcome
    expect(code).toBe(4)
    expect(stderr).toContain(`exactly ${redirectUri} must be one of its redirect URIs`)
    untouched()
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('on %s with exit code %i and a free port', async (signal, code) => {
    const { child, outcome, redirectUri } = await waitingLogin()
    child.kill(signal)
    expect(await outcome).toMatchObject({ code, stdout: '' })
    await expect(fetch(redirectUri)).rejects.toThrow()
    untouched()
  })

  it('when a silent connection is kept open', async () => {
    const { agree, outcome, redirectUri } = await waitingLogin()
    const silent = net.connect(Number(new URL(redirectUri).port), '127.0.0.1').on('error', () => {})
    await visit(await agree())
    const showedAt = Date.now()
    expect(await outcome).toMatchObject({ code: 0 })
    expect(Date.now() - showedAt).toBeLessThan(1_000)
    silent.destroy()
  })
})

describe('does not open the browser', () => {
  afterEach(() => {
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toEqual([])
  })

  it('when the port is in use, and says what to do', async () => {
    const occupant = http.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => occupant.once('listening', resolve))
    const { port } = occupant.address() as net.AddressInfo
    const outcome = await sandbox.run(['login', '--redirect-uri', `http://127.0.0.1:${port}/callback`])
    occupant.close()
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toContain(`127.0.0.1:${port} is in use`)
    expect(outcome.stderr).toContain('--port 3001')
  })

  it('when port 3000, the default, is in use', async () => {
    // Where something else has the port already, it does the same.
    const occupant = http
      .createServer()
      .on('error', () => {})
      .listen(3000, '127.0.0.1')
    await new Promise((resolve) => occupant.once('listening', resolve).once('error', resolve))
    const outcome = await sandbox.run(['login'])
    occupant.close()
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('127.0.0.1:3000 is in use') })
  })

  it('without a client id, and explains where to get one', async () => {
    const outcome = await sandbox.run(['login'], { env: { SPOTIFY_CLIENT_ID: '' } })
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toContain('As redirect URI enter exactly\n   http://127.0.0.1:3000/callback\n')
  })

  it('for a redirect URI on localhost', async () => {
    const outcome = await sandbox.run(['login', '--redirect-uri', 'http://localhost:3000/callback'])
    expect(outcome).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Register http://127.0.0.1:3000/callback'),
    })
  })
})

it('a browser that cannot be started does not end the login', async () => {
  const { stderr, outcome } = sandbox.start(['login', '--port', '0'], {
    env: { BROWSER: '/nowhere/browser' },
  })
  await waitFor(() => stderr().includes('Waiting for'))
  const url = /http:\/\/\S+\/authorize\?\S+/.exec(stderr())?.[0] ?? ''
  await visit(await followLogin(url, 'agree'))
  expect(await outcome).toMatchObject({ code: 0 })
})
