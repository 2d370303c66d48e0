import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ExampleServer, startExampleServer } from '../support/example-server.ts'
import { track } from '../support/fixtures.ts'
import { type Front, startFront } from '../support/front.ts'
import { openBrowser, type PlainBrowser } from '../support/plain-browser.ts'
import { createRedis, type RedisServer } from '../support/redis.ts'
import { waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

const hour = 3_600_000
/** How long the lock outlives an instance that has died with it. */
const lockLife = 15_000

const { title, skip } = needs('two instances behind one address', 'redis-server')
describe.skipIf(skip)(title, () => {
  let standIn: StandIn
  let redis: RedisServer
  let front: Front
  let one: ExampleServer
  let other: ExampleServer
  let settings: Record<string, string>
  beforeEach(async () => {
    standIn = await startStandIn()
    standIn.playback = track
    redis = await createRedis()
    await redis.start()
    front = await startFront()
    settings = { REDIS_URL: redis.url, PUBLIC_URL: front.address, SESSION_SECRET: 'of both' }
    one = await startExampleServer(standIn, settings)
    other = await startExampleServer(standIn, settings)
    front.servers.push(one, other)
  })
  afterEach(async () => {
    await Promise.all([one.stop(), other.stop()])
    await front.close()
    await redis.remove()
    await standIn.close()
  })

  const refreshes = () =>
    standIn.requestsTo('POST /api/token').filter(({ form }) => form.get('grant_type') === 'refresh_token')

  /** What is at this path, or at the path of this URL, from one instance alone. */
  const askOf = (instance: ExampleServer, browser: PlainBrowser, url = '/') => {
    const { pathname, search } = new URL(url, front.address)
    return browser.get(`${instance.address}${pathname}${search}`)
  }

  async function loggedIn() {
    const browser = openBrowser(front.address)
    await browser.get(await browser.agree())
    return browser
  }

  /** The requests of ten pages, by turns on both instances, with a token that has expired. */
  async function askForTenExpired(browser: PlainBrowser) {
    await expire()
    return Promise.all(Array.from({ length: 10 }, () => browser.get('/')))
  }

  const expire = () => Promise.all([one.pass(hour), other.pass(hour)])

  it('end a login that the other has begun, and share it', async () => {
    const browser = openBrowser(front.address)
    const callback = await browser.agree()
    expect(callback).toMatch(`${front.address}/callback`)
    expect(await askOf(other, browser, callback)).toMatchObject({ status: 303, location: '/' })
    for (const instance of [one, other]) {
      expect((await askOf(instance, browser)).text).toContain('You are Ada Lovelace.')
    }
    expect(standIn.requestsTo('GET /v1/me')).toHaveLength(1)
  })

  it.each([
    ['one after the other', false],
    ['at once', true],
  ])('take a state once, when it comes to both %s', async (_, isAtOnce) => {
    const browser = openBrowser(front.address)
    const callback = await browser.agree()
    const again = openBrowser(front.address)
    for (const [name, value] of browser.cookies) again.cookies.set(name, value)
    // Both have read it before one of them can delete it.
    if (isAtOnce) await redis.pause(300, 'WRITE')
    const first = askOf(one, browser, callback)
    if (!isAtOnce) await first
    const answers = await Promise.all([first, askOf(other, again, callback)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400])
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  })

  it.each(['none', 'strict'] as const)(
    'refresh once for ten requests, with rotation: %s',
    async (rotation) => {
      standIn.rotation = rotation
      const browser = await loggedIn()
      for (let hours = 1; hours <= 2; hours++) {
        // Slow enough for the others to come meanwhile.
        standIn.fault('POST /api/token', { delayMs: 300 })
        for (const { text } of await askForTenExpired(browser)) expect(text).toContain('Clair de lune')
        expect(refreshes()).toHaveLength(hours)
      }
    },
  )

  describe('of which one is killed in the middle of a refresh', () => {
    /** Ends when Spotify has done with the refresh whose answer nobody has got. */
    async function killInRefresh(browser: PlainBrowser) {
      await expire()
      standIn.fault('POST /api/token', { delayMs: 500 })
      const lost = askOf(one, browser).catch(() => 'lost')
      await waitFor(() => refreshes().length === 1)
      await one.stop('SIGKILL')
      front.servers.shift()
      expect(await lost).toBe('lost')
      return Date.now()
    }

    it('the other goes on once the lock has ended, with the refresh token that stays', async () => {
      const browser = await loggedIn()
      const killed = await killInRefresh(browser)
      const pages = await Promise.all(Array.from({ length: 5 }, () => browser.get('/')))
      expect(Date.now() - killed).toBeGreaterThan(lockLife - 2000)
      expect(Date.now() - killed).toBeLessThan(lockLife + 5000)
      for (const { text } of pages) expect(text).toContain('Clair de lune')
      expect(refreshes()).toHaveLength(2)
    })

    it('the other offers a login where the lost answer had the only refresh token', async () => {
      standIn.rotation = 'strict'
      const browser = await loggedIn()
      await killInRefresh(browser)
      const { status, text } = await browser.get('/')
      expect([status, text]).toEqual([200, expect.stringContaining('Spotify has ended your login.')])
      expect(text).toContain('<a href="/login">Log in</a>')
      expect((await browser.get('/')).text).toContain('Nobody is logged in.')
      await browser.get(await browser.agree())
      expect((await browser.get('/')).text).toContain('You are Ada Lovelace.')
    })
  })

  describe('a logout on one', () => {
    it('holds on the other', async () => {
      const browser = await loggedIn()
      const before = new Map(browser.cookies)
      expect(await browser.post(`${one.address}/logout`)).toMatchObject({ status: 303 })
      for (const [name, value] of before) browser.cookies.set(name, value)
      expect((await askOf(other, browser)).text).toContain('Nobody is logged in.')
    })

    it('holds when the other is just renewing the token', async () => {
      const browser = await loggedIn()
      const before = new Map(browser.cookies)
      await expire()
      standIn.fault('POST /api/token', { delayMs: 500 })
      const page = askOf(other, browser)
      await waitFor(() => refreshes().length === 1)
      await browser.post(`${one.address}/logout`)
      await page
      for (const [name, value] of before) browser.cookies.set(name, value)
      for (const instance of [one, other]) {
        expect((await askOf(instance, browser)).text).toContain('Nobody is logged in.')
      }
    })
  })

  it('survive a Redis that goes away in the middle of a refresh', async () => {
    const browser = await loggedIn()
    await expire()
    standIn.fault('POST /api/token', { delayMs: 500 })
    const page = askOf(one, browser)
    await waitFor(() => refreshes().length === 1)
    await redis.stop()
    expect(await page).toMatchObject({ status: 500 })
    await redis.start()
    await expect.poll(async () => (await askOf(one, browser, '/login')).status, { timeout: 10_000 }).toBe(303)
  })

  it('say that something is wrong while Redis is away, and go on when it is back', async () => {
    const browser = await loggedIn()
    await redis.pause(60_000, 'ALL')
    const underWay = [browser.get('/'), browser.post('/logout')]
    await sleep(300)
    await redis.stop()
    for (const page of underWay) expect(await page).toMatchObject({ status: 500 })
    for (const path of ['/', '/login', '/callback?code=x&state=y']) {
      for (const instance of [one, other]) {
        const { status, text } = await askOf(instance, browser, path)
        expect([path, status, text]).toEqual([path, 500, expect.stringContaining('Something went wrong.')])
      }
    }
    expect(await browser.post('/logout')).toMatchObject({ status: 500 })
    const third = startExampleServer(standIn, settings)
    await sleep(500)
    await redis.start()
    await (await third).stop()
    for (const instance of [one, other]) {
      await expect
        .poll(async () => (await askOf(instance, browser)).text, { timeout: 10_000, interval: 200 })
        .toContain('You are Ada Lovelace.')
    }
    await askForTenExpired(browser)
    expect(refreshes()).toHaveLength(1)
  })
})
