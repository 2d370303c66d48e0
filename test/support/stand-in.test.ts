import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { describe, expect, vi } from 'vitest'
import { it as plain } from './fixture.ts'
import { track } from './fixtures.ts'
import { followLogin } from './follow-login.ts'
import { confidentialApp, listener, publicApp, type StandIn, startStandIn } from './stand-in.ts'

const basic = `Basic ${btoa(`${confidentialApp.clientId}:${confidentialApp.clientSecret}`)}`
const callback = 'http://127.0.0.1:3000/callback'

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

type Answer = Promise<{ status: number; json: Record<string, string> }>

/** Tests of a stand-in by requests that are made by hand. */
const it = plain.extend<{
  spotify: StandIn
  /** The authorize URL of a login with PKCE. */
  authorize: (changes?: Record<string, string | undefined>) => { url: string; verifier: string }
  /** Asks the token endpoint. */
  post: (form: Record<string, string>, headers?: Record<string, string>) => Answer
  exchange: (callbackUrl: string, verifier: string, headers?: Record<string, string>) => Answer
  refresh: (refreshToken: string) => Answer
  /** Asks the Web API. */
  get: (path: string, accessToken?: string) => Promise<Response>
}>({
  spotify: ({ standIn }, use) => use(standIn),
  authorize: ({ spotify }, use) =>
    use((changes = {}) => {
      const verifier = randomBytes(32).toString('base64url')
      const url = new URL('/authorize', spotify.accountsUrl)
      const parameters = {
        client_id: publicApp.clientId,
        response_type: 'code',
        redirect_uri: callback,
        scope: 'user-read-currently-playing user-read-private',
        state: 'a-state',
        code_challenge: challengeOf(verifier),
        code_challenge_method: 'S256',
        ...changes,
      }
      for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value)
      return { url: url.href, verifier }
    }),
  post: ({ spotify }, use) =>
    use(async (form, headers = {}) => {
      const response = await fetch(`${spotify.accountsUrl}/api/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams(form),
      })
      return { status: response.status, json: (await response.json()) as Record<string, string> }
    }),
  exchange: ({ post }, use) =>
    use((callbackUrl, verifier, headers) => {
      const form = {
        grant_type: 'authorization_code',
        code: new URL(callbackUrl).searchParams.get('code') ?? '',
        redirect_uri: callback,
        code_verifier: verifier,
      }
      return post(headers ? form : { ...form, client_id: publicApp.clientId }, headers)
    }),
  refresh: ({ post }, use) =>
    use((refreshToken) =>
      post({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: publicApp.clientId }),
    ),
  get: ({ spotify }, use) =>
    use((path, accessToken) =>
      fetch(`${spotify.apiUrl}${path}`, {
        headers: accessToken ? { authorization: `Bearer ${accessToken}` } : {},
      }),
    ),
})

describe('a login', () => {
  it('gives the public app tokens for a code and its verifier', async ({ exchange, get, authorize }) => {
    const { url, verifier } = authorize()
    const { status, json } = await exchange(await followLogin(url, 'agree'), verifier)

    expect(status).toBe(200)
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
      scope: 'user-read-currently-playing user-read-private',
    })
    expect((await get('/me', json.access_token)).status).toBe(200)
  })

  it('gives the confidential app tokens for its secret, with PKCE and without', async ({
    post,
    exchange,
    authorize,
  }) => {
    const withPkce = authorize({ client_id: confidentialApp.clientId })
    const { url, verifier } = withPkce
    expect((await exchange(await followLogin(url, 'agree'), verifier, { authorization: basic })).status).toBe(
      200,
    )

    const plain = authorize({
      client_id: confidentialApp.clientId,
      code_challenge: undefined,
      code_challenge_method: undefined,
    })
    const code = new URL(await followLogin(plain.url, 'agree')).searchParams.get('code') ?? ''
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
    expect((await post(form, { authorization: basic })).status).toBe(200)
  })

  it('sends nothing but code and state back', async ({ authorize }) => {
    const answer = new URL(await followLogin(authorize().url, 'agree'))
    expect(answer.origin + answer.pathname).toBe(callback)
    expect([...answer.searchParams.keys()].sort()).toEqual(['code', 'state'])
    expect(answer.searchParams.get('state')).toBe('a-state')
  })

  it('sends a refusal back', async ({ authorize }) => {
    expect(await followLogin(authorize().url, 'cancel')).toBe(`${callback}?error=access_denied&state=a-state`)
  })

  it('refuses a wrong verifier, a wrong secret and a code that was used', async ({ exchange, authorize }) => {
    const { url, verifier } = authorize()
    const wrong = await exchange(await followLogin(url, 'agree'), 'x'.repeat(43))
    expect(wrong).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })

    const other = authorize({ client_id: confidentialApp.clientId })
    const authorization = `Basic ${btoa(`${confidentialApp.clientId}:wrong`)}`
    const answer = await followLogin(other.url, 'agree')
    expect(await exchange(answer, other.verifier, { authorization })).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    })

    const twice = await followLogin(authorize({ code_challenge: challengeOf(verifier) }).url, 'agree')
    expect((await exchange(twice, verifier)).status).toBe(200)
    expect(await exchange(twice, verifier)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })

  it('asks the public app for PKCE, and everybody for S256', async ({ authorize }) => {
    const refused = `${callback}?error=invalid_request&state=a-state`
    const without = authorize({ code_challenge: undefined, code_challenge_method: undefined })
    expect(await followLogin(without.url, 'agree')).toBe(refused)
    for (const { clientId } of [publicApp, confidentialApp]) {
      const plain = authorize({ client_id: clientId, code_challenge_method: 'plain' })
      expect(await followLogin(plain.url, 'agree')).toBe(refused)
    }
  })

  it('fails as a whole with an unknown scope', async ({ authorize }) => {
    const { url } = authorize({ scope: 'user-read-private user-read-minds' })
    expect(await followLogin(url, 'agree')).toBe(`${callback}?error=invalid_scope&state=a-state`)
  })

  it('shows a foreign redirect URI and an unknown app on a page of its own', async ({ authorize }) => {
    for (const redirect_uri of [
      'http://127.0.0.1:3000/other',
      'http://localhost:3000/callback',
      'http://127.0.0.1.evil.example/callback',
      'https://login.example:8443/callback',
    ]) {
      await expect(followLogin(authorize({ redirect_uri }).url, 'agree')).rejects.toThrow(
        /page \(400\).*invalid_redirect_uri/,
      )
    }
    await expect(followLogin(authorize({ client_id: 'f'.repeat(32) }).url, 'agree')).rejects.toThrow(
      /page \(400\).*invalid_client/,
    )
  })

  it('takes what is registered, with any port for a loopback literal that has none there', async ({
    spotify,
    authorize,
  }) => {
    for (const redirect_uri of [
      'https://login.example/callback',
      'http://127.0.0.1:49152/callback',
      'http://[::1]:8/callback',
    ]) {
      expect(await followLogin(authorize({ redirect_uri }).url, 'agree')).toContain(`${redirect_uri}?code=`)
    }
    const strict = await startStandIn({ redirectUris: [callback] })
    try {
      const { url } = authorize({ redirect_uri: 'http://127.0.0.1:3001/callback' })
      const elsewhere = url.replace(spotify.accountsUrl, strict.accountsUrl)
      await expect(followLogin(elsewhere, 'agree')).rejects.toThrow('invalid_redirect_uri')
    } finally {
      await strict.close()
    }
  })

  it('passes a listener who agreed before, unless the dialog is asked for', async ({
    spotify,
    authorize,
  }) => {
    const browser = new Map()
    const consents = () => spotify.requests.filter(({ path }) => path.startsWith('/consent/')).length
    await followLogin(authorize().url, 'agree', browser)
    const once = consents()
    expect(await followLogin(authorize().url, 'cancel', browser)).toContain('code=')
    expect(consents()).toBe(once)
    const again = authorize({ show_dialog: 'true' })
    expect(await followLogin(again.url, 'cancel', browser)).toContain('error=access_denied')
    expect(await followLogin(again.url, 'agree', browser)).toContain('code=')
  })

  it('asks for consent with one page that names the app and the scopes', async ({ spotify, authorize }) => {
    const first = await fetch(authorize().url, { redirect: 'manual' })
    const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0])
    const page = await fetch(new URL(first.headers.get('location') ?? '', spotify.accountsUrl), {
      headers: { cookie: cookie.join('; ') },
    })
    const html = await page.text()
    expect(html).toContain(publicApp.name)
    expect(html).toContain('user-read-currently-playing')
    expect(html).toMatch(/<button [^>]*>Agree<\/button>\s*<button [^>]*>Cancel<\/button>/)
  })
})

describe('a refresh', () => {
  it('without rotation says nothing about the refresh token, which stays good', async ({
    spotify,
    refresh,
    get,
  }) => {
    const { refresh_token, scope } = await spotify.issue()
    for (let round = 0; round < 3; round++) {
      const { status, json } = await refresh(refresh_token)
      expect(status).toBe(200)
      expect(json).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3600,
        scope,
      })
      expect((await get('/me', json.access_token)).status).toBe(200)
    }
  })

  it('with grace gives a new one, and both are good', async ({ spotify, refresh }) => {
    spotify.rotation = 'grace'
    const { refresh_token } = await spotify.issue()
    const { json } = await refresh(refresh_token)
    expect(json.refresh_token).toEqual(expect.any(String))
    expect(json.refresh_token).not.toBe(refresh_token)
    expect((await refresh(refresh_token)).status).toBe(200)
    expect((await refresh(json.refresh_token ?? '')).status).toBe(200)
  })

  it('with strict rotation gives a new one, and a replay kills the family', async ({
    spotify,
    refresh,
    get,
  }) => {
    spotify.rotation = 'strict'
    const { refresh_token } = await spotify.issue()
    const stranger = await spotify.issue()
    const { json: second } = await refresh(refresh_token)
    const { json: third } = await refresh(second.refresh_token ?? '')

    const dead = { status: 400, json: { error: 'invalid_grant' } }
    expect(await refresh(refresh_token)).toMatchObject(dead)
    expect(await refresh(third.refresh_token ?? '')).toMatchObject(dead)
    expect((await get('/me', third.access_token)).status).toBe(401)
    expect((await refresh(stranger.refresh_token)).status).toBe(200)
  })

  it('with strict rotation has one winner among many at once', async ({ spotify, refresh }) => {
    spotify.rotation = 'strict'
    const { refresh_token } = await spotify.issue()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('changes its rotation while it runs', async ({ spotify, refresh }) => {
    const { refresh_token } = await spotify.issue()
    expect((await refresh(refresh_token)).json).not.toHaveProperty('refresh_token')
    spotify.rotation = 'strict'
    expect((await refresh(refresh_token)).json).toHaveProperty('refresh_token')
    expect((await refresh(refresh_token)).status).toBe(400)
  })

  it('refuses a token that it never gave, and one of another app', async ({ spotify, post, refresh }) => {
    const theirs = await spotify.issue({ clientId: confidentialApp.clientId })
    for (const token of ['made-up', theirs.refresh_token]) {
      expect(await refresh(token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    }
    const form = { grant_type: 'refresh_token', refresh_token: theirs.refresh_token }
    expect((await post(form, { authorization: basic })).status).toBe(200)
  })
})

describe('a fault', () => {
  const route = 'GET /v1/me'
  it('answers in place of the real thing, once each and in order', async ({ spotify, get }) => {
    spotify.fault(route, { status: 500 }, { status: 429, headers: { 'retry-after': '5' }, body: { a: 1 } })
    spotify.fault(route, {
      body: '<p>Log in to the hotel network</p>',
      headers: { 'content-type': 'text/html' },
    })

    const [broken, limited, portal, real] = [
      await get('/me'),
      await get('/me'),
      await get('/me'),
      await get('/me'),
    ]
    expect([broken.status, await broken.text()]).toEqual([500, ''])
    expect([limited.status, limited.headers.get('retry-after'), await limited.json()]).toEqual([
      429,
      '5',
      { a: 1 },
    ])
    expect([portal.status, portal.headers.get('content-type')]).toEqual([200, 'text/html'])
    expect(await portal.text()).toContain('hotel')
    expect(real.status).toBe(401)
  })

  it('leaves other routes alone', async ({ spotify, get }) => {
    const { access_token: accessToken } = await spotify.issue()
    spotify.fault('POST /api/token', { status: 500 })
    expect((await get('/me', accessToken)).status).toBe(200)
  })

  it('delays', async ({ spotify, get }) => {
    const { access_token: accessToken } = await spotify.issue()
    spotify.fault(route, { delayMs: 150 })
    const before = performance.now()
    expect((await get('/me', accessToken)).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(140)
  })

  it('resets the connection', async ({ spotify, get }) => {
    const { access_token: accessToken } = await spotify.issue()
    spotify.fault(route, { reset: true })
    const error = await get('/me', accessToken).catch((error) => error)
    expect(error.cause.code).toBe('ECONNRESET')
    expect(spotify.requestsTo(route).map(({ status }) => status)).toEqual([undefined])
  })

  it('never answers', async ({ spotify }) => {
    spotify.fault(route, { hang: true })
    const request = fetch(`${spotify.apiUrl}/me`, { signal: AbortSignal.timeout(150) })
    await expect(request).rejects.toThrow('timeout')
  })

  it('trickles', async ({ spotify, get }) => {
    const { access_token: accessToken } = await spotify.issue()
    spotify.fault(route, { body: '0123456789', trickleMs: 20 })
    const response = await get('/me', accessToken)
    const chunks = []
    const before = performance.now()
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString())
    expect(chunks.join('')).toBe('0123456789')
    expect(chunks.length).toBeGreaterThan(5)
    expect(performance.now() - before).toBeGreaterThan(140)
  })

  it('changes what the real thing says', async ({ spotify, refresh, get }) => {
    const { access_token: accessToken } = await spotify.issue()
    spotify.fault('POST /api/token', { transform: (json) => ({ ...json, refresh_token: null }) })
    spotify.fault(route, { transform: ({ id }) => ({ id }), headers: { 'x-bent': 'yes' } })
    const { refresh_token, scope } = await spotify.issue({ scope: 'streaming' })
    expect((await refresh(refresh_token)).json).toMatchObject({ refresh_token: null, scope })
    const bent = await get('/me', accessToken)
    expect([bent.headers.get('x-bent'), await bent.json()]).toEqual(['yes', { id: listener.id }])
  })
})

describe('the record', () => {
  it('has every request with all that was sent', async ({ spotify, refresh, get }) => {
    const { refresh_token, access_token } = await spotify.issue()
    await refresh(refresh_token)
    await get('/me/player/currently-playing?additional_types=track,episode', access_token)

    expect(spotify.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['POST', '/api/token', 200],
      ['GET', '/v1/me/player/currently-playing', 204],
    ])
    const [token, playing] = spotify.requests
    expect(token?.form.get('refresh_token')).toBe(refresh_token)
    expect(token?.body).toContain('grant_type=refresh_token')
    expect(playing?.query.get('additional_types')).toBe('track,episode')
    expect(playing?.headers.authorization).toBe(`Bearer ${access_token}`)
    expect(spotify.requestsTo('POST /api/token')).toEqual([token])
  })

  it('has no status for a request that is pending', async ({ spotify, get }) => {
    spotify.fault('GET /v1/me', { delayMs: 100, status: 503 })
    const answer = get('/me')
    await vi.waitFor(() => expect(spotify.requests).toHaveLength(1))
    expect(spotify.requests[0]?.status).toBeUndefined()
    await answer
    expect(spotify.requests[0]?.status).toBe(503)
  })
})

describe('the server', () => {
  it('listens on the port that it is given, for this machine alone', async () => {
    const first = await startStandIn()
    const port = Number(new URL(first.accountsUrl).port)
    await first.close()
    const second = await startStandIn({ port })
    expect(second.accountsUrl).toBe(`http://127.0.0.1:${port}`)
    expect(second.env).toEqual({
      SPOTIFY_ACCOUNTS_URL: second.accountsUrl,
      SPOTIFY_API_URL: `${second.accountsUrl}/v1`,
    })
    const elsewhere = fetch(`http://127.0.0.2:${port}/v1/me`, { signal: AbortSignal.timeout(500) })
    await expect(elsewhere).rejects.toThrow()
    await second.close()
  })

  it('closes with a silent connection and an unanswered request', async () => {
    const spotify = await startStandIn()
    const socket = connect(Number(new URL(spotify.accountsUrl).port), '127.0.0.1')
    const gone = new Promise((resolve) => socket.once('close', resolve))
    spotify.fault('GET /v1/me', { hang: true })
    const answer = fetch(`${spotify.apiUrl}/me`)
    await vi.waitFor(() => expect(spotify.requests).toHaveLength(1))
    const before = performance.now()
    await Promise.all([spotify.close(), expect(answer).rejects.toThrow(), gone])
    expect(performance.now() - before).toBeLessThan(1000)
  })

  describe('told how to start', () => {
    it.override({ standInOptions: { accessTokenSeconds: 7, rotation: 'grace' } })

    it('gives access tokens that lifetime', async ({ spotify, refresh }) => {
      const { json } = await refresh((await spotify.issue()).refresh_token)
      expect(json).toMatchObject({ expires_in: 7, refresh_token: expect.any(String) })
    })
  })

  it('tells of each request in time for a fault of its own', async () => {
    const paths: string[] = []
    const spotify = await startStandIn({
      onRequest({ method, path }) {
        paths.push(path)
        if (paths.length === 2) spotify.fault(`${method} ${path}`, { status: 503, body: 'only the second' })
      },
    })
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await fetch(`${spotify.apiUrl}/me`)).status)
    expect(statuses).toEqual([401, 503, 401])
    expect(paths).toEqual(['/v1/me', '/v1/me', '/v1/me'])
    await spotify.close()
  })

  // What it prints while it is loaded, test/demo.test.ts would see.
  it('prints nothing', async ({ spotify, authorize, onTestFinished }) => {
    const printed: unknown[] = []
    const note = (...words: unknown[]) => printed.push(words) > 0
    const spies = [
      ...(['debug', 'error', 'info', 'log', 'warn'] as const).map((name) => vi.spyOn(console, name)),
      ...[process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write')),
    ]
    for (const spy of spies) spy.mockImplementation(note)
    process.on('warning', note)
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore()
      process.off('warning', note)
    })
    const silent = await startStandIn()
    await followLogin(authorize().url.replace(spotify.accountsUrl, silent.accountsUrl), 'agree')
    const { refresh_token } = await silent.issue()
    silent.rotation = 'strict'
    const form = { grant_type: 'refresh_token', client_id: publicApp.clientId, refresh_token }
    const refreshFrom = (headers: Record<string, string>) =>
      fetch(`${silent.accountsUrl}/api/token`, { method: 'POST', headers, body: new URLSearchParams(form) })
    expect((await refreshFrom({ origin: 'https://elsewhere.example' })).status).toBe(400)
    expect((await refreshFrom({})).status).toBe(200)
    expect((await refreshFrom({})).status).toBe(400)
    await fetch(`${silent.accountsUrl}/consent/nobody`)
    await fetch(`${silent.accountsUrl}/favicon.ico`)
    await silent.close()
    expect(printed).toEqual([])
  })
})

describe('the Web API', () => {
  it('says what is wrong with a token in the words of Spotify', async ({ spotify, get }) => {
    const { access_token } = await spotify.issue({ scope: 'user-read-private' })
    const expired = await spotify.issue({ expiresIn: 0 })
    const cases: [string, string | undefined, number, string][] = [
      ['/me', undefined, 401, 'No token provided'],
      ['/me', 'made-up', 401, 'Invalid access token'],
      ['/me', expired.access_token, 401, 'The access token expired'],
      ['/me/player/currently-playing', access_token, 403, 'Insufficient client scope'],
      ['/me/horoscope', access_token, 404, 'Service not found'],
    ]
    for (const [path, token, status, message] of cases) {
      const response = await get(path, token)
      expect(response.status).toBe(status)
      expect(await response.json()).toEqual({ error: { status, message } })
    }
  })

  it('plays what it is told to', async ({ spotify, get }) => {
    const { access_token } = await spotify.issue()
    spotify.playback = track
    expect(await (await get('/me/player/currently-playing', access_token)).json()).toEqual(track)
    spotify.playback = undefined
    expect((await get('/me/player/currently-playing', access_token)).status).toBe(204)
  })
})
