import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { confidentialApp, publicApp } from '../support/stand-in.ts'
import { visit } from '../support/visit.ts'

/** The requests that exchange a code for tokens go where those for a refresh go. */
const exchanges = refreshes

describe.concurrent('a login', () => {
  it('saves what Spotify granted, privately, and says who is logged in', async ({ sandbox }) => {
    const { answer, outcome } = await sandbox.beginLogin()
    const page = await visit(await answer('agree'))
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('All set!') })
    expect(await outcome).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Logged in as Ada Lovelace \(ada\.lovelace\) until \d+ \w+ \d+\.\n$/),
    })
    expect(sandbox.readCredential()).toMatchObject({
      clientId: publicApp.clientId,
      scopes: ['user-read-currently-playing'],
      user: { id: 'ada.lovelace', displayName: 'Ada Lovelace' },
    })
    expect(statSync(sandbox.credentialFile).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(sandbox.credentialFile)).mode & 0o777).toBe(0o700)
    expect(statSync(sandbox.home).mode & 0o777).toBe(0o700)
  })

  it('has the credential on disk when it says "All set!"', async ({ sandbox, standIn }) => {
    const { answer, outcome } = await beginLoginInProcess(sandbox)
    standIn.fault('GET /v1/me', { delayMs: 300 })
    await visit(await answer('agree'))
    expect(sandbox.readCredential().clientId).toBe(publicApp.clientId)
    await outcome
  })

  it('asks with PKCE, a state and the scopes of the command line', async ({ sandbox, standIn }) => {
    const { authorizeUrl, redirectUri, answer, outcome } = await beginLoginInProcess(sandbox, [
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
    await visit(await answer('cancel'))
    await outcome
  })

  it('sends the secret of an app that has one as HTTP Basic, with PKCE', async ({ sandbox, standIn }) => {
    const { answer, outcome } = await beginLoginInProcess(
      sandbox,
      ['--client-id', confidentialApp.clientId, '--client-secret-stdin'],
      {
        stdin: `${confidentialApp.clientSecret}\n`,
      },
    )
    await visit(await answer('agree'))
    expect(await outcome).toMatchObject({ code: 0 })
    const pair = Buffer.from(`${confidentialApp.clientId}:${confidentialApp.clientSecret}`).toString('base64')
    expect(exchanges(standIn)[0]?.headers.authorization).toBe(`Basic ${pair}`)
    expect(exchanges(standIn)[0]?.form.get('code_verifier')).toMatch(/^[\w-]{43,128}$/)
    expect(sandbox.readCredential().clientSecret).toBe(confidentialApp.clientSecret)
  })

  it('works on [::1]', async ({ sandbox }) => {
    const { answer, outcome, redirectUri } = await beginLoginInProcess(sandbox, [
      '--redirect-uri',
      'http://[::1]/callback',
    ])
    expect(redirectUri).toMatch(/^http:\/\/\[::1\]:\d+\/callback$/)
    await visit(await answer('agree'))
    expect(await outcome).toMatchObject({ code: 0 })
  })

  it('remembers the flags that it was given for the next one', async ({ sandbox }) => {
    const { answer, outcome } = await beginLoginInProcess(
      sandbox,
      ['--client-id', confidentialApp.clientId, '--scope', 'streaming'],
      {
        env: { SPOTIFY_CLIENT_SECRET: confidentialApp.clientSecret },
      },
    )
    await visit(await answer('agree'))
    await outcome
    const { stdout } = await runInProcess(sandbox, ['config', 'list', '--json'])
    expect(JSON.parse(stdout)).toEqual({ client_id: confidentialApp.clientId, scope: 'streaming' })
  })

  it('moves a file aside that is not a login', async ({ sandbox }) => {
    mkdirSync(path.dirname(sandbox.credentialFile), { recursive: true })
    writeFileSync(sandbox.credentialFile, '{')
    const { answer, outcome } = await beginLoginInProcess(sandbox)
    await visit(await answer('agree'))
    expect(await outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('.bad') })
    const aside = readdirSync(path.dirname(sandbox.credentialFile)).filter((name) => name.endsWith('.bad'))
    expect(aside).toHaveLength(1)
    expect(sandbox.readCredential().clientId).toBe(publicApp.clientId)
  })

  it('stands when the API refuses to say whose it is', async ({ sandbox, standIn }) => {
    standIn.fault('GET /v1/me', { status: 403, body: 'User not registered in the Developer Dashboard' })
    const { answer, outcome } = await beginLoginInProcess(sandbox)
    await visit(await answer('agree'))
    expect(await outcome).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the app's list of users"),
    })
    expect(sandbox.readCredential().user).toBeUndefined()
  })

  it('prints JSON when asked', async ({ sandbox }) => {
    const { answer, outcome } = await beginLoginInProcess(sandbox, ['--json'])
    await visit(await answer('agree'))
    expect(JSON.parse((await outcome).stdout)).toMatchObject({
      profile: 'default',
      user: { id: 'ada.lovelace' },
    })
  })
})

describe.concurrent('does not open the browser', () => {
  it.afterEach(({ sandbox, standIn }) => {
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toEqual([])
  })

  it('without a client id, and explains where to get one', async ({ sandbox }) => {
    const outcome = await runInProcess(sandbox, ['login'], { env: { SPOTIFY_CLIENT_ID: '' } })
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toContain('As redirect URI enter exactly\n   http://127.0.0.1:3000/callback\n')
  })

  it('for a redirect URI on localhost', async ({ sandbox }) => {
    const outcome = await runInProcess(
      sandbox,
      ['login', '--redirect-uri', 'http://localhost:3000/callback'],
      {
        env: { SPOTIFY_ACCOUNTS_URL: '' },
      },
    )
    expect(outcome).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Register http://127.0.0.1:3000/callback'),
    })
  })

  it('for a scope that Spotify does not have, and names the nearest', async ({ sandbox }) => {
    const outcome = await runInProcess(sandbox, ['login', '--scope', 'user-read-curently-playing'])
    expect(outcome).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean user-read-currently-playing?'),
    })
  })

  it('for an https: redirect URI where nothing can be pasted', async ({ sandbox }) => {
    const outcome = await runInProcess(sandbox, ['login', '--redirect-uri', 'https://login.example/callback'])
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('no terminal') })
  })
})

describe.concurrent('over a living session', () => {
  it('says who is logged in, and adds a scope without losing those that were granted', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, {
      scopes: ['user-top-read'],
      user: { id: 'ada.lovelace', displayName: 'Ada Lovelace' },
    })
    const { answer, outcome, authorizeUrl } = await beginLoginInProcess(sandbox, [
      '--scope',
      '+user-read-email',
    ])
    expect(authorizeUrl.searchParams.get('scope')).toBe('user-top-read user-read-email')
    await visit(await answer('agree'))
    const { code, stderr } = await outcome
    expect(code).toBe(0)
    expect(stderr).toContain('You are logged in as Ada Lovelace (ada.lovelace)')
    expect(stderr).not.toContain('another account')
    expect(sandbox.readCredential().scopes.toSorted()).toEqual(['user-read-email', 'user-top-read'])
  })

  it('says so when it is another account', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { user: { id: 'bob', displayName: 'Bob' } })
    const { answer, outcome } = await beginLoginInProcess(sandbox)
    await visit(await answer('agree'))
    expect((await outcome).stderr).toContain('This is another account: it was Bob (bob) before.')
  })
})

it('warns when Spotify granted less than was asked for', async ({ sandbox, standIn }) => {
  standIn.fault('POST /api/token', { transform: (json) => ({ ...json, scope: 'user-read-email' }) })
  const { answer, outcome } = await beginLoginInProcess(sandbox, ['--scope', 'user-read-email,streaming'])
  await visit(await answer('agree'))
  expect(await outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('streaming is missing') })
  expect(sandbox.readCredential().scopes).toEqual(['user-read-email'])
})
