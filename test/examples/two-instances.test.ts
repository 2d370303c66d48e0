import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it as plain } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { type ExampleServer, startExampleServer } from '../support/example-server.ts'
import { track } from '../support/fixtures.ts'
import { type Front, startFront } from '../support/front.ts'
import { openBrowser, type PlainBrowser } from '../support/plain-browser.ts'
import { createRedis, type RedisServer } from '../support/redis.ts'
import { waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

const hour = 3_600_000
/** How long the lock outlives an instance that has died with it, or its Redis, in milliseconds. */
const lockLife = 15_000

const refreshRequests = (standIn: StandIn) =>
  refreshes(standIn).filter(({ form }) => form.get('grant_type') === 'refresh_token')

/** Two instances of the example behind the front, on the same Redis. */
interface Cluster {
  standIn: StandIn
  redis: RedisServer
  front: Front
  one: ExampleServer
  other: ExampleServer
  /** Starts another instance. */
  start(): Promise<ExampleServer>
  /** Lets so much time go by for the instances. */
  pass(ms: number): Promise<void>
}

async function withCluster(use: (cluster: Cluster) => Promise<void>): Promise<void> {
  const standIn = await startStandIn()
  standIn.playback = track
  const [redis, front] = await Promise.all([createRedis(), startFront()])
  await redis.start()
  const settings = { REDIS_URL: redis.url, PUBLIC_URL: front.address, SESSION_SECRET: 'of both' }
  let passedMs = 0
  const start = async () => {
    const server = await startExampleServer(standIn, settings)
    await server.pass(passedMs)
    return server
  }
  const [one, other] = await Promise.all([start(), start()])
  front.servers.push(one, other)
  const cluster: Cluster = {
    ...{ standIn, redis, front, one, other, start },
    async pass(ms) {
      passedMs += ms
      await Promise.all([cluster.one.pass(ms), cluster.other.pass(ms)])
    },
  }
  await use(cluster)
  await Promise.all([cluster.one.stop(), cluster.other.stop(), front.close()])
  await Promise.all([redis.remove(), standIn.close()])
}

const it = plain.extend<{
  /** One is enough for the file, because a start costs more than a test. */
  shared: Cluster
  cluster: Cluster
  standIn: StandIn
  redis: RedisServer
  front: Front
  one: ExampleServer
  other: ExampleServer
  /** What is at this path, or at the path of this URL, from one instance alone. */
  askOf: (instance: ExampleServer, browser: PlainBrowser, url?: string) => ReturnType<PlainBrowser['get']>
  /** Opens a browser whose user has logged in. */
  loggedIn: () => Promise<PlainBrowser>
  /** Lets the access tokens expire. */
  expire: () => Promise<void>
  /** The answers to ten requests, by turns to both instances, with a token that has expired. */
  askForTenExpired: (browser: PlainBrowser) => Promise<Awaited<ReturnType<PlainBrowser['get']>>[]>
  /** Ends when Spotify has done with the refresh whose answer nobody has got; the next test has another instance instead. */
  killInRefresh: (browser: PlainBrowser) => Promise<void>
  /** Stops Redis while the one instance refreshes the login of that browser, and starts it again. */
  restartInRefresh: (browser: PlainBrowser) => Promise<void>
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  shared: [({}, use) => withCluster(use), { scope: 'file' }],
  cluster: ({ shared }, use) => {
    shared.standIn.rotation = 'none'
    shared.standIn.requests.splice(0)
    return use(shared)
  },
  standIn: ({ cluster }, use) => use(cluster.standIn),
  redis: ({ cluster }, use) => use(cluster.redis),
  front: ({ cluster }, use) => use(cluster.front),
  one: ({ cluster }, use) => use(cluster.one),
  other: ({ cluster }, use) => use(cluster.other),
  askOf: ({ front }, use) =>
    use((instance, browser, url = '/') => {
      const { pathname, search } = new URL(url, front.address)
      return browser.get(`${instance.address}${pathname}${search}`)
    }),
  loggedIn: ({ front }, use) =>
    use(async () => {
      const browser = openBrowser(front.address)
      await browser.get(await browser.agree())
      return browser
    }),
  expire: ({ cluster }, use) => use(() => cluster.pass(hour)),
  askForTenExpired: ({ expire }, use) =>
    use(async (browser) => {
      await expire()
      return Promise.all(Array.from({ length: 10 }, () => browser.get('/')))
    }),
  killInRefresh: async ({ cluster, standIn, front, one, askOf, expire }, use) => {
    await use(async (browser) => {
      await expire()
      let isRefreshed = false
      const transform = (json: object) => {
        isRefreshed = true
        return json
      }
      // So slow that nobody gets the whole answer.
      standIn.fault('POST /api/token', { transform, trickleMs: 100 })
      const lost = askOf(one, browser).catch(() => 'lost')
      await waitFor(() => isRefreshed)
      await one.stop('SIGKILL')
      front.servers.splice(front.servers.indexOf(one), 1)
      expect(await lost).toBe('lost')
    })
    cluster.one = await cluster.start()
    front.servers.push(cluster.one)
  },
  restartInRefresh: ({ standIn, redis, one, askOf, expire }, use) =>
    use(async (browser) => {
      await expire()
      standIn.fault('POST /api/token', { delayMs: 500 })
      const page = askOf(one, browser)
      await waitFor(() => refreshRequests(standIn).length === 1)
      await redis.stop()
      expect(await page).toMatchObject({ status: 500 })
      await redis.start()
    }),
})

const { title, skip } = needs('two instances behind one address', 'redis-server')
describe(title, { skip, timeout: 60_000 }, () => {
  it('end a login that the other has begun, and share it', async ({ standIn, front, one, other, askOf }) => {
    const browser = openBrowser(front.address)
    const callback = await browser.agree()
    expect(callback).toMatch(`${front.address}/callback`)
    expect(await askOf(other, browser, callback)).toMatchObject({ status: 303, location: '/' })
    for (const instance of [one, other]) {
      expect((await askOf(instance, browser)).text).toContain('You are Ada Lovelace.')
    }
    expect(standIn.requestsTo('GET /v1/me')).toHaveLength(1)
  })

  it.for([
    ['one after the other', false],
    ['at once', true],
  ] as const)(
    'take a state once, when it comes to both %s',
    async ([, isAtOnce], { standIn, redis, front, one, other, askOf }) => {
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
      expect(refreshes(standIn)).toHaveLength(1)
    },
  )

  it.for(['none', 'strict'] as const)(
    'refresh once for ten requests, with rotation: %s',
    async (rotation, { standIn, loggedIn, askForTenExpired }) => {
      standIn.rotation = rotation
      const browser = await loggedIn()
      for (let hours = 1; hours <= 2; hours++) {
        // Slow enough for the others to come meanwhile.
        standIn.fault('POST /api/token', { delayMs: 300 })
        for (const { text } of await askForTenExpired(browser)) expect(text).toContain('Clair de lune')
        expect(refreshRequests(standIn)).toHaveLength(hours)
      }
    },
  )

  describe('of which one is killed, or loses its Redis, in the middle of a refresh', () => {
    it('the other goes on once the lock has ended, with the refresh token that stays', async ({
      standIn,
      redis,
      loggedIn,
      killInRefresh,
    }) => {
      const browser = await loggedIn()
      await killInRefresh(browser)
      const leftMs = 1_500
      await redis.pass(lockLife - leftMs)
      const passed = Date.now()
      const pages = await Promise.all(Array.from({ length: 5 }, () => browser.get('/')))
      expect(Date.now() - passed).toBeGreaterThan(leftMs - 1000)
      expect(Date.now() - passed).toBeLessThan(leftMs + 5000)
      for (const { text } of pages) expect(text).toContain('Clair de lune')
      expect(refreshRequests(standIn)).toHaveLength(2)
    })

    it('the other offers a login where the lost answer had the only refresh token', async ({
      standIn,
      redis,
      loggedIn,
      killInRefresh,
    }) => {
      standIn.rotation = 'strict'
      const browser = await loggedIn()
      await killInRefresh(browser)
      await redis.pass(lockLife)
      const { status, text } = await browser.get('/')
      expect([status, text]).toEqual([200, expect.stringContaining('Spotify has ended your login.')])
      expect(text).toContain('<a href="/login">Log in</a>')
      expect((await browser.get('/')).text).toContain('Nobody is logged in.')
      await browser.get(await browser.agree())
      expect((await browser.get('/')).text).toContain('You are Ada Lovelace.')
    })

    it('lose no login to a Redis that restarts in the middle of a refresh', async ({
      standIn,
      redis,
      restartInRefresh,
      one,
      other,
      askOf,
      loggedIn,
      expire,
      expect,
    }) => {
      standIn.rotation = 'strict'
      const browser = await loggedIn()
      await restartInRefresh(browser)
      await redis.pass(lockLife)
      for (const instance of [one, other]) {
        await expect
          .poll(async () => (await askOf(instance, browser)).text, { timeout: 10_000 })
          .toContain('Clair de lune')
      }
      expect(refreshRequests(standIn)).toHaveLength(1)
      await expire()
      expect((await askOf(one, browser)).text).toContain('Clair de lune')
      expect(refreshRequests(standIn)).toHaveLength(2)
    })
  })

  describe('a logout on one', () => {
    it('holds on the other', async ({ one, other, askOf, loggedIn }) => {
      const browser = await loggedIn()
      const before = new Map(browser.cookies)
      expect(await browser.post(`${one.address}/logout`)).toMatchObject({ status: 303 })
      for (const [name, value] of before) browser.cookies.set(name, value)
      expect((await askOf(other, browser)).text).toContain('Nobody is logged in.')
    })

    it('holds when the other is just renewing the token', async ({
      standIn,
      one,
      other,
      askOf,
      loggedIn,
      expire,
    }) => {
      const browser = await loggedIn()
      const before = new Map(browser.cookies)
      await expire()
      standIn.fault('POST /api/token', { delayMs: 500 })
      const page = askOf(other, browser)
      await waitFor(() => refreshRequests(standIn).length === 1)
      await browser.post(`${one.address}/logout`)
      await page
      for (const [name, value] of before) browser.cookies.set(name, value)
      for (const instance of [one, other]) {
        expect((await askOf(instance, browser)).text).toContain('Nobody is logged in.')
      }
    })
  })

  describe('whose Redis goes away', () => {
    it('survive a Redis that goes away in the middle of a refresh', async ({
      restartInRefresh,
      one,
      other,
      askOf,
      loggedIn,
      expect,
    }) => {
      const browser = await loggedIn()
      await restartInRefresh(browser)
      for (const instance of [one, other]) {
        await expect
          .poll(async () => (await askOf(instance, browser, '/login')).status, { timeout: 10_000 })
          .toBe(303)
      }
    })

    it('say that something is wrong while Redis is away, and go on when it is back', async ({
      standIn,
      redis,
      one,
      other,
      askOf,
      loggedIn,
      askForTenExpired,
      cluster,
      expect,
    }) => {
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
      const third = cluster.start()
      await sleep(500)
      await redis.start()
      await (await third).stop()
      for (const instance of [one, other]) {
        await expect
          .poll(async () => (await askOf(instance, browser)).text, { timeout: 10_000, interval: 200 })
          .toContain('You are Ada Lovelace.')
      }
      await askForTenExpired(browser)
      expect(refreshRequests(standIn)).toHaveLength(1)
    })
  })
})
