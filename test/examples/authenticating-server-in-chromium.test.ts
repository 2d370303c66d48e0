import type { Browser, BrowserContext, Page } from 'playwright-core'
import { describe, it as plain } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { type ExampleServer, startExampleServer } from '../support/example-server.ts'
import { track } from '../support/fixtures.ts'
import { playNext } from '../support/now-playing.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

interface Place {
  standIn: StandIn
  server: ExampleServer
}

async function withPlace(use: (place: Place) => Promise<void>): Promise<void> {
  const standIn = await startStandIn()
  standIn.playback = track
  standIn.other.playback = { ...track, item: { ...track.item, name: 'Passepied' } }
  const server = await startExampleServer(standIn)
  await use({ standIn, server })
  await server.stop()
  await standIn.close()
}

const inChromium = needs('in Chromium', 'chromium')

/** Tests of the example, at which Ada hears a track and Grace another one. */
const it = plain.extend<{
  chromium: Browser
  /** One is enough for tests that do not count what Spotify is asked. */
  shared: Place
  /** One of the test's own. */
  own: Place
  /** Grace's browser, logged in at the shared one: she stays while others come and go. */
  grace: BrowserContext
}>({
  chromium: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
    async ({}, use) => {
      const chromium = await launchChromium(inChromium.file)
      await use(chromium)
      await chromium.close()
    },
    { scope: 'file' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  shared: [({}, use) => withPlace(use), { scope: 'file' }],
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  own: ({}, use) => withPlace(use),
  grace: [
    async ({ chromium, shared: { server } }, use) => {
      const context = await chromium.newContext()
      await logIn(server, await context.newPage(), 'Grace Hopper')
      await use(context)
      await context.close()
    },
    { scope: 'file' },
  ],
})

async function logIn({ address }: ExampleServer, page: Page, account: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('link', { name: 'Log in' }).click()
  await page.getByLabel('Your account').selectOption(account)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.waitForURL(`${address}/`)
}

describe.concurrent(inChromium.title, { skip: inChromium.skip }, () => {
  it('two users see what each of them hears, and one stays when the other leaves', async ({
    chromium,
    grace: herBrowser,
    shared: { standIn, server },
    expect,
  }) => {
    const context = await chromium.newContext()
    const [ada, grace] = [await context.newPage(), await herBrowser.newPage()]
    await logIn(server, ada, 'Ada Lovelace')
    const shown = async (page: Page) => {
      await page.goto(server.address)
      return page.locator('h2, p').allTextContents()
    }
    const rest = ['Marisol Vantreight, Claude Debussy', 'Suite bergamasque']
    expect(await shown(ada)).toEqual(['Clair de lune', ...rest, 'You are Ada Lovelace. Log out'])
    expect(await shown(grace)).toEqual(['Passepied', ...rest, 'You are Grace Hopper. Log out'])
    standIn.playback = undefined
    expect(await shown(ada)).toEqual(['Nothing is playing.', 'You are Ada Lovelace. Log out'])

    await ada.getByRole('button', { name: 'Log out' }).click()
    await ada.waitForURL(`${server.address}/`)
    expect(await shown(ada)).toEqual(['Nobody is logged in.', 'Log in'])
    expect(await shown(grace)).toEqual(['Passepied', ...rest, 'You are Grace Hopper. Log out'])
    const cookies = await context.cookies(server.address)
    expect(cookies.filter(({ name }) => name === 'now-playing')).toEqual([])
    await context.close()
  })

  it('every tab shows the next track without a reload, from one request for all, and notices a logout', async ({
    chromium,
    own: { standIn, server },
    expect,
  }) => {
    const context = await chromium.newContext()
    const [first, second] = [await context.newPage(), await context.newPage()]
    await logIn(server, first, 'Ada Lovelace')
    await second.goto(server.address)
    const titleOf = (page: Page) => page.locator('h2').textContent()
    const moved = () => first.locator('progress').evaluate((bar: { value: number }) => bar.value)
    const before = await moved()
    await expect.poll(moved, { timeout: 8_000 }).toBeGreaterThan(before)
    playNext(standIn, 'Menuet')
    standIn.requests.splice(0)
    for (const page of [first, second]) {
      await expect.poll(() => titleOf(page), { timeout: 8_000 }).toBe('Menuet')
    }
    const times = standIn.requestsTo('GET /v1/me/player/currently-playing').map(({ atMs }) => atMs)
    for (const [index, atMs] of times.slice(1).entries())
      expect(atMs - (times[index] ?? 0)).toBeGreaterThan(4_000)
    await first.getByRole('button', { name: 'Log out' }).click()
    await second.getByText('Nobody is logged in.').waitFor()
    await context.close()
  })

  it('another site can neither log a user out nor hold the page in a frame', async ({
    grace,
    shared: { standIn, server },
    expect,
  }) => {
    const page = await grace.newPage()
    // `localhost` is another site than 127.0.0.1.
    const foreign = standIn.accountsUrl.replace('127.0.0.1', 'localhost')
    standIn.fault('GET /trap', {
      headers: { 'content-type': 'text/html' },
      body: `<iframe src="${server.address}/"></iframe>
        <form method="post" action="${server.address}/logout"><button>Win</button></form>`,
    })
    await page.goto(`${foreign}/trap`)
    await expect.poll(() => page.frames()[1]?.url(), { timeout: 8_000 }).toBe('chrome-error://chromewebdata/')
    await page.getByRole('button', { name: 'Win' }).click()
    await page.waitForURL(`${server.address}/`)
    await page.goto(server.address)
    expect(await page.locator('p').last().textContent()).toBe('You are Grace Hopper. Log out')
  })
})
