import { describe, expect } from 'vitest'
import { beginLogin, completeLogin, getCurrentUser, openSession, type PendingLogin } from '../../src/index.ts'
import { refreshes } from '../support/credentials.ts'
import { followLogin } from '../support/follow-login.ts'
import { codeOf } from '../support/library-code.ts'
import { it as plain } from '../support/library-environment.ts'
import { confidentialApp, publicApp } from '../support/stand-in.ts'

const redirectUri = 'http://127.0.0.1:3000/callback'
const scopes = ['user-read-currently-playing', 'user-read-private']

// A login that begins on a server needs neither a home nor an app of the environment.
const it = plain.extend<{ environment: Record<string, string | undefined> }>({
  environment: { HOME: undefined, SPOTIFY_AUTH_HOME: undefined, SPOTIFY_CLIENT_ID: undefined },
})

const begin = (changes = {}) => beginLogin({ clientId: publicApp.clientId, redirectUri, scopes, ...changes })
/** The requests that exchange a code for tokens go where those for a refresh go. */
const exchanges = refreshes

/** A login that has begun, and the callback of somebody who has agreed to it. */
async function agreed(changes = {}): Promise<[PendingLogin, string]> {
  const pending = await begin(changes)
  return [pending, await followLogin(pending.url, 'agree')]
}

describe('beginning a login', () => {
  it('makes an address, and asks nothing of the network', async ({ standIn }) => {
    const pending = await begin()
    const { origin, pathname, searchParams } = new URL(pending.url)
    expect([origin + pathname, Object.fromEntries(searchParams)]).toEqual([
      `${standIn.accountsUrl}/authorize`,
      {
        response_type: 'code',
        client_id: publicApp.clientId,
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state: pending.state,
        code_challenge_method: 'S256',
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      },
    ])
    expect(pending.url).not.toContain(pending.codeVerifier)
    expect(standIn.requests).toEqual([])
  })

  it('is another one each time', async () => {
    const [one, other] = [await begin(), await begin()]
    expect(one.state).not.toBe(other.state)
    expect(one.codeVerifier).not.toBe(other.codeVerifier)
  })

  it('lets the user change the account where that is asked for', async () => {
    const jar = new Map()
    await followLogin((await begin()).url, 'agree', jar)
    const { url } = await begin({ showDialog: true })
    expect(await followLogin(url, 'cancel', jar)).toContain('error=access_denied')
  })

  it.for(['http://localhost.evil.example/callback', 'http://example.com/callback', 'callback', ''])(
    'refuses %j, as Spotify does',
    async (redirectUri) => {
      expect(await codeOf(begin({ redirectUri }))).toBe('config')
    },
  )
})

describe('completing a login', () => {
  it.for([
    ['the whole URL', (url: string) => url],
    ['its path and query, as a server gets them', (url: string) => url.slice(new URL(url).origin.length)],
  ] as const)('takes %s', async ([, given]) => {
    const [pending, callback] = await agreed()
    const now = Date.now()
    const login = await completeLogin(pending, given(callback))
    expect(login).toEqual({
      clientId: publicApp.clientId,
      accessToken: expect.any(String),
      expiresAtMs: expect.any(Number),
      refreshToken: expect.any(String),
      scopes,
      authorizedAtMs: expect.any(Number),
    })
    expect(login.authorizedAtMs - now).toBeLessThan(5_000)
    expect(login.expiresAtMs - login.authorizedAtMs).toBe(3_600_000)
  })

  it('gives a login that a store can keep, and a session open', async () => {
    const [pending, callback] = await agreed()
    // As they come back from a database.
    const asText = JSON.stringify(await completeLogin(JSON.parse(JSON.stringify(pending)), callback))
    const session = await openSession({ store: { load: () => JSON.parse(asText), save() {} } })
    expect(await getCurrentUser(session)).toEqual({ id: 'ada.lovelace', displayName: 'Ada Lovelace' })
  })

  it('sends the secret of an app that has one, and keeps it for the renewals', async ({ standIn }) => {
    const { clientId, clientSecret } = confidentialApp
    const [pending, callback] = await agreed({ clientId })
    let login = await completeLogin(pending, callback, { clientSecret })
    const store = {
      load: () => login,
      save(renewed: typeof login) {
        login = renewed
      },
    }
    await (await openSession({ store })).refresh()
    const basic = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
    expect(exchanges(standIn).map(({ headers }) => headers.authorization)).toEqual([basic, basic])
  })

  it('fails with a wrong secret', async () => {
    const [pending, callback] = await agreed({ clientId: confidentialApp.clientId })
    expect(await codeOf(completeLogin(pending, callback, { clientSecret: 'wrong' }))).toBe('login_failed')
  })

  it('tells of somebody who did not agree', async ({ standIn }) => {
    const pending = await begin()
    const callback = await followLogin(pending.url, 'cancel')
    expect(await codeOf(completeLogin(pending, callback))).toBe('login_denied')
    expect(exchanges(standIn)).toEqual([])
  })

  it.for([
    ['another state', (state: string) => `?code=x&state=${state}x`],
    ['no state', () => '?code=x'],
    ['an empty state', () => '?code=x&state='],
    ['two states', (state: string) => `?code=x&state=${state}&state=${state}`],
    ['no code', (state: string) => `?state=${state}`],
    ['an empty code', (state: string) => `?code=&state=${state}`],
    ['two codes', (state: string) => `?code=x&code=y&state=${state}`],
    ['a code and an error', (state: string) => `?code=x&error=access_denied&state=${state}`],
    ['a refusal of another login', (state: string) => `?error=access_denied&state=${state}x`],
    ['another issuer', (state: string) => `?code=x&state=${state}&iss=https://evil.example`],
  ] as const)('believes nothing of a callback with %s, and sends no code', async ([, query], { standIn }) => {
    const pending = await begin()
    expect(await codeOf(completeLogin(pending, `${redirectUri}${query(pending.state)}`))).toBe('login_failed')
    expect(exchanges(standIn)).toEqual([])
  })

  it.for(['//[', 'http://', 'http://127.0.0.1:99999/callback'])(
    'believes nothing of %j, which is no URL',
    async (callback) => {
      expect(await codeOf(completeLogin(await begin(), callback))).toBe('login_failed')
    },
  )

  it('takes the issuer that it went to', async ({ standIn }) => {
    const [pending, callback] = await agreed()
    const login = await completeLogin(pending, `${callback}&iss=${encodeURIComponent(standIn.accountsUrl)}`)
    expect(login.scopes).toEqual(scopes)
  })

  it('takes what was granted for what was asked for where Spotify does not say', async ({ standIn }) => {
    const [pending, callback] = await agreed()
    standIn.fault('POST /api/token', { transform: ({ scope, ...json }) => json })
    expect((await completeLogin(pending, callback)).scopes).toEqual(scopes)
  })

  it('takes a code once', async () => {
    const [pending, callback] = await agreed()
    await completeLogin(pending, callback)
    expect(await codeOf(completeLogin(pending, callback))).toBe('login_failed')
  })

  it('takes no code of another login, whose verifier is another one', async () => {
    const [, callback] = await agreed()
    const code = new URL(callback).searchParams.get('code')
    const pending = await begin()
    expect(await codeOf(completeLogin(pending, `/callback?code=${code}&state=${pending.state}`))).toBe(
      'login_failed',
    )
  })

  it.for([
    ['network', { reset: true }],
    ['unavailable', { status: 503, body: '' }],
    ['rate_limited', { status: 429, body: '' }],
    ['unavailable', { transform: ({ refresh_token, ...json }: Record<string, string>) => json }],
  ] as const)('ends with %s when that is what happens: %j', async ([code, fault], { standIn }) => {
    const [pending, callback] = await agreed()
    standIn.fault('POST /api/token', fault)
    expect(await codeOf(completeLogin(pending, callback))).toBe(code)
  })
})
