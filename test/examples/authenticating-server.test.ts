import path from 'node:path'
import { describe, expect, it as plain } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { type ExampleServer, startExampleServer } from '../support/example-server.ts'
import { track } from '../support/fixtures.ts'
import { followLogin } from '../support/follow-login.ts'
import { openBrowser, type PlainBrowser } from '../support/plain-browser.ts'
import { waitFor } from '../support/sandbox.ts'
import { packageDirectory } from '../support/script.ts'
import { confidentialApp, type StandIn, startStandIn } from '../support/stand-in.ts'

const playing = (name: string) => ({ ...track, item: { ...track.item, name } })
const { clientId, clientSecret } = confidentialApp
const hour = 3_600_000
const minute = 60_000

/**
 * Tests of the example, at which Ada hears a track and Grace another one. One server is enough for the file, because each
 * test has users of its own; the clock is the server's, so the tests come one after another.
 */
const it = plain.extend<{
  shared: { standIn: StandIn; server: ExampleServer }
  /** Another server, of an app that has a secret, and with a secret for its cookies. */
  secretive: ExampleServer
  standIn: StandIn
  server: ExampleServer
  /** Opens a browser whose user has logged in. */
  loggedIn: () => Promise<PlainBrowser>
}>({
  shared: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
    async ({}, use) => {
      const standIn = await startStandIn()
      const server = await startExampleServer(standIn, { SESSION_SECRET: '' })
      await use({ standIn, server })
      await server.stop()
      await standIn.close()
    },
    { scope: 'file' },
  ],
  secretive: [
    async ({ shared: { standIn } }, use) => {
      const server = await startExampleServer(standIn, {
        SESSION_SECRET: 'one',
        SPOTIFY_CLIENT_ID: clientId,
        SPOTIFY_CLIENT_SECRET: clientSecret,
      })
      await use(server)
      await server.stop()
    },
    { scope: 'file' },
  ],
  standIn: ({ shared: { standIn } }, use) => {
    standIn.requests.splice(0)
    standIn.rotation = 'none'
    standIn.playback = track
    standIn.other.playback = playing('Passepied')
    return use(standIn)
  },
  // After the stand-in is as new.
  server: ({ shared, standIn: _ }, use) => use(shared.server),
  loggedIn: ({ server }, use) =>
    use(async () => {
      const browser = openBrowser(server.address)
      await browser.get(await browser.agree())
      return browser
    }),
})

const renewals = (standIn: StandIn) =>
  refreshes(standIn).filter(({ form }) => form.get('grant_type') === 'refresh_token')

describe('a login', () => {
  it('ends on the page, with a new cookie that scripts cannot read', async ({ server }) => {
    const browser = openBrowser(server.address)
    const callback = await browser.agree()
    const [before] = browser.cookies.values()
    const { status, location, headers } = await browser.get(callback)
    expect([status, location]).toEqual([303, '/'])
    expect(headers.get('set-cookie')).toMatch(/^now-playing=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax$/)
    expect([...browser.cookies.values()]).toEqual([expect.not.stringMatching(before ?? '')])
    expect((await browser.get('/')).text).toContain('You are Ada Lovelace.')
    expect((await browser.get('/login')).location).toBe('/')
  })

  it('of an app with a secret works likewise', async ({ standIn, secretive }) => {
    const browser = openBrowser(secretive.address)
    await browser.get(await browser.agree())
    expect((await browser.get('/')).text).toContain('You are Ada Lovelace.')
    const pair = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    expect(refreshes(standIn)[0]?.headers.authorization).toBe(`Basic ${pair}`)
  })

  it('that was cancelled says so', async ({ server }) => {
    const browser = openBrowser(server.address)
    const { location = '' } = await browser.get('/login')
    const { status, text } = await browser.get(await followLogin(location, 'cancel'))
    expect([status, text]).toEqual([400, expect.stringContaining('You did not agree')])
    expect((await browser.get('/')).text).toContain('Nobody is logged in.')
  })
})

describe('a callback is refused, and nothing is sent to Spotify,', () => {
  const refused = expect.objectContaining({
    status: 400,
    text: expect.stringContaining('This login was not begun here, or is over.'),
  })

  it.for(['/callback', '/callback?code=x&state=unknown', '/callback?code=x&state=__proto__'])(
    'whose state nobody knows: %s',
    async (path, { standIn, server }) => {
      const browser = openBrowser(server.address)
      await browser.get('/login')
      expect(await browser.get(path)).toEqual(refused)
      expect(refreshes(standIn)).toEqual([])
    },
  )

  it('whose state was used', async ({ standIn, server }) => {
    const browser = openBrowser(server.address)
    const callback = await browser.agree()
    const before = new Map(browser.cookies)
    await browser.get(callback)
    const earlier = openBrowser(server.address)
    for (const [name, value] of before) earlier.cookies.set(name, value)
    expect(await browser.get(callback)).toEqual(refused)
    expect(await earlier.get(callback)).toEqual(refused)
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('that comes in another browser, and stays good in its own', async ({ standIn, server }) => {
    const browser = openBrowser(server.address)
    const callback = await browser.agree()
    const victim = openBrowser(server.address)
    expect(await victim.get(callback)).toEqual(refused)
    await victim.get('/login')
    expect(await victim.get(callback)).toEqual(refused)
    expect(refreshes(standIn)).toEqual([])
    expect(await browser.get(callback)).toMatchObject({ status: 303 })
  })

  it('that comes ten minutes after its login has begun', async ({ server }) => {
    const [late, inTime] = [openBrowser(server.address), openBrowser(server.address)]
    const callback = await late.agree()
    await server.pass(1)
    const other = await inTime.agree()
    await server.pass(10 * minute - 1)
    expect(await late.get(callback)).toEqual(refused)
    expect(await inTime.get(other)).toMatchObject({ status: 303 })
  })
})

describe('a cookie', () => {
  const nobody = expect.stringContaining('Nobody is logged in.')

  it.for([
    ['another signature', (value: string) => value.replace(/\../, value.includes('.A') ? '.B' : '.A')],
    ['no signature', (value: string) => value.replace(/\..*/, '')],
    ['a shorter signature', (value: string) => value.slice(0, -1)],
  ] as const)('with %s is no session', async ([, tamper], { loggedIn }) => {
    const browser = await loggedIn()
    for (const [name, value] of browser.cookies) browser.cookies.set(name, tamper(value))
    expect((await browser.get('/')).text).toEqual(nobody)
  })

  it('of before the login, or of before the logout, is no session', async ({ server }) => {
    const browser = openBrowser(server.address)
    const callback = await browser.agree()
    const old = [new Map(browser.cookies)]
    await browser.get(callback)
    old.push(new Map(browser.cookies))
    expect(await browser.post('/logout')).toMatchObject({ status: 303, location: '/' })
    for (const cookies of old) {
      for (const [name, value] of cookies) browser.cookies.set(name, value)
      expect((await browser.get('/')).text).toEqual(nobody)
    }
  })

  it('with the id of somebody else is no session', async ({ loggedIn }) => {
    const [browser, other] = [await loggedIn(), await loggedIn()]
    const [id] = other.cookies.get('now-playing')?.split('.') ?? []
    const [, signature] = browser.cookies.get('now-playing')?.split('.') ?? []
    browser.cookies.set('now-playing', `${id}.${signature}`)
    expect((await browser.get('/')).text).toEqual(nobody)
  })

  it('of another server is not taken', async ({ server, secretive }) => {
    const browser = openBrowser(secretive.address)
    await browser.get('/login')
    const elsewhere = openBrowser(server.address)
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
    await elsewhere.get('/login')
    expect(elsewhere.cookies.get('now-playing')).toEqual(expect.any(String))
    expect(elsewhere.cookies.get('now-playing')).not.toBe(browser.cookies.get('now-playing'))
  })

  it.for([
    ['another secret is not taken', 'one', 'two', false],
    ['no secret given is not taken', undefined, undefined, false],
    ['the same secret is taken', 'one', 'one', true],
  ] as const)('of a server with %s', async ([, one, other, isTaken]) => {
    const { sessionCookie } = await import(
      path.join(packageDirectory, 'examples/authenticating-server/session-cookie.js')
    )
    const { id, header } = sessionCookie(one).create()
    const [cookie] = header.split(';')
    expect(sessionCookie(other).read({ headers: { cookie } })).toBe(isTaken ? id : undefined)
  })
})

describe('a page', () => {
  it('may load nothing but covers and its one script, and has no token', async ({ standIn, loggedIn }) => {
    const browser = await loggedIn()
    const { headers, text } = await browser.get('/')
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self'; connect-src 'self'; img-src https: data:; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    const [asked] = standIn.requestsTo('GET /v1/me')
    const token = asked?.headers.authorization?.replace('Bearer ', '') ?? 'none'
    expect(`${text}${[...browser.cookies.values()]}`).not.toContain(token)
  })

  it('shows a hostile title, and a hostile name, as they are', async ({ standIn, loggedIn }) => {
    standIn.playback = playing(`<script>alert(1)</script> & "it's"`)
    standIn.fault('GET /v1/me', { transform: (json) => ({ ...json, display_name: '<b>Ada</b>' }) })
    const { text } = await (await loggedIn()).get('/')
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;it&#39;s&quot;</h2>')
    expect(text).toContain('You are &lt;b&gt;Ada&lt;/b&gt;.')
  })

  it('says that the API has failed, and the login stays', async ({ standIn, loggedIn }) => {
    const browser = await loggedIn()
    const route = 'GET /v1/me/player/currently-playing'
    standIn.fault(route, { status: 500, body: '<b>no</b>' }, { status: 503, body: '' })
    for (let failure = 0; failure < 2; failure++) {
      const { status, text } = await browser.get('/')
      expect([status, text]).toEqual([200, expect.stringContaining('Error in retrieving now playing')])
      expect(text).toContain('You are Ada Lovelace.')
    }
    expect((await browser.get('/')).text).toContain('Clair de lune')
  })

  it.for(['GET /logout', 'GET /elsewhere', 'POST /', 'GET //['])(
    'is not at %s',
    async (request, { server, loggedIn }) => {
      const browser = await loggedIn()
      const [method, path = ''] = request.split(' ')
      const page = method === 'POST' ? browser.post(path) : browser.get(`${server.address}${path}`)
      expect(await page).toMatchObject({ status: 404 })
      expect((await browser.get('/')).text).toContain('You are Ada Lovelace.')
    },
  )
})

describe('an access token that has expired', () => {
  it('is renewed once for ten requests at once, with strict rotation', async ({
    standIn,
    server,
    loggedIn,
  }) => {
    standIn.rotation = 'strict'
    const browser = await loggedIn()
    for (let hours = 1; hours <= 2; hours++) {
      await server.pass(hour)
      const pages = await Promise.all(Array.from({ length: 10 }, () => browser.get('/')))
      for (const { text } of pages) expect(text).toContain('Clair de lune')
      expect(renewals(standIn)).toHaveLength(hours)
    }
  })

  it('that Spotify does not renew any more ends the login, and another one is offered', async ({
    standIn,
    server,
    loggedIn,
  }) => {
    const browser = await loggedIn()
    await server.pass(hour)
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
    const { text } = await browser.get('/')
    expect(text).toContain('Spotify has ended your login.')
    expect(text).toContain('<a href="/login">Log in</a>')
    expect((await browser.get('/')).text).toContain('Nobody is logged in.')
    await browser.get(await browser.agree())
    expect((await browser.get('/')).text).toContain('You are Ada Lovelace.')
    expect(renewals(standIn)).toHaveLength(1)
  })

  it.for([
    ['is renewed', {}],
    ['cannot be renewed', { status: 503, body: '' }],
  ] as const)(
    'that %s while the user logs out: the logout holds',
    async ([, fault], { standIn, server, loggedIn }) => {
      const browser = await loggedIn()
      const before = new Map(browser.cookies)
      await server.pass(hour)
      standIn.fault('POST /api/token', { delayMs: 300, ...fault })
      const page = browser.get('/')
      await waitFor(() => renewals(standIn).length === 1)
      expect(await browser.post('/logout')).toMatchObject({ status: 303 })
      await page
      for (const [name, value] of before) browser.cookies.set(name, value)
      expect((await browser.get('/')).text).toContain('Nobody is logged in.')
    },
  )

  it('that cannot be renewed just now keeps the login', async ({ standIn, server, loggedIn }) => {
    const browser = await loggedIn()
    await server.pass(hour)
    standIn.fault('POST /api/token', { status: 503, body: '' })
    expect((await browser.get('/')).text).toContain('Error in retrieving now playing')
    expect((await browser.get('/')).text).toContain('Clair de lune')
  })
})
