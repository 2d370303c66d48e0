import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { parseCredential } from '../../src/session/credential-text.ts'
import { launchChromium } from '../support/chromium.ts'
import { expectItEnds } from '../support/expect-login.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { waitFor } from '../support/sandbox.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const { title, skip, file } = needs('in Chromium', 'chromium')

describe.skipIf(skip)(title, () => {
  let browser: Browser
  // One page for all: to open one of their own takes longer than most of these tests.
  let page: Page
  beforeAll(async () => {
    browser = await launchChromium(file)
    page = await browser.newPage()
  })
  afterEach(async () => {
    page.removeAllListeners()
    await page.context().clearCookies()
  })
  afterAll(() => browser?.close())
  it.for<[string, Record<string, string>]>([
    ['an app without a secret', {}],
    [
      'an app with a secret',
      { SPOTIFY_CLIENT_ID: confidentialApp.clientId, SPOTIFY_CLIENT_SECRET: confidentialApp.clientSecret },
    ],
  ])('somebody logs in with %s', async ([, env], { sandbox, standIn }) => {
    const isRun = 'SPOTIFY_CLIENT_SECRET' in env
    const { outcome } = isRun
      ? sandbox.start(['login', '--port', '0'], { env })
      : await beginLoginInProcess(sandbox)
    await page.goto(await sandbox.openedUrl())
    await page.getByRole('button', { name: 'Agree' }).click()
    await page.getByRole('heading', { name: 'All set!' }).waitFor()
    const ended = expectItEnds({ outcome })
    expect(await page.getByRole('main').textContent()).toContain('You can close this window')
    await ended
    expect(await outcome).toMatchObject({ stdout: expect.stringContaining('Ada Lovelace') })

    const { clientId, clientSecret } = parseCredential(readFileSync(sandbox.credentialFile, 'utf8'))
    expect({ clientId, clientSecret }).toEqual({
      clientId: env.SPOTIFY_CLIENT_ID ?? sandbox.env.SPOTIFY_CLIENT_ID,
      clientSecret: env.SPOTIFY_CLIENT_SECRET,
    })
    expect(statSync(sandbox.credentialFile).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(sandbox.credentialFile)).mode & 0o777).toBe(0o700)
    const [exchange, ...more] = standIn.requestsTo('POST /api/token')
    expect(more).toEqual([])
    expect(exchange?.headers.authorization?.startsWith('Basic ') ?? false).toBe(isRun)
  })

  it('somebody grants what a command lacks, and the command goes on', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { scopes: ['user-read-currently-playing'] })
    const { child, stdout, outcome } = sandbox.startInTerminal(['volume', '30'], {
      env: { SPOTIFY_REDIRECT_URI: 'http://127.0.0.1/callback' },
    })
    await waitFor(() => stdout().includes('Log in again to grant it?'))
    child.stdin?.write('y')
    await page.goto(await sandbox.openedUrl())
    await page.getByRole('button', { name: 'Agree' }).click()
    await page.getByRole('heading', { name: 'All set!' }).waitFor()
    expect(await outcome).toMatchObject({ code: 0 })
    expect(standIn.player.devices[0]?.volume_percent).toBe(30)
    expect(sandbox.readCredential().scopes).toContain('user-modify-playback-state')
  })

  it('somebody does not agree', async ({ sandbox }) => {
    const { outcome } = await beginLoginInProcess(sandbox)
    await page.goto(await sandbox.openedUrl())
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'Not logged in' }).waitFor()
    expect(await outcome).toMatchObject({ code: 4 })
  })

  it.for([
    ['all set', 'agree', {}, 'All set!', '✓'],
    ['denied', 'cancel', {}, 'Not logged in', '–'],
    ['failed', 'agree', { status: 500, body: '' }, 'Login failed', '!'],
    ['link expired', 'expired', {}, 'This link has expired', '!'],
  ] as const)(
    'the page "%s" is complete, alone and readable, light and dark, wide and narrow',
    async ([, choice, fault, heading, sign], { sandbox, standIn }) => {
      if (heading === 'Login failed') standIn.fault('POST /api/token', fault)
      const login = await beginLoginInProcess(sandbox)
      const callback =
        choice === 'expired' ? `${login.redirectUri}?code=x&state=old` : await login.answer(choice)
      const heard: string[] = []
      page.on('console', (message) => {
        // Chromium itself reports the status of a failed navigation.
        if (!message.text().startsWith('Failed to load resource')) heard.push(message.text())
      })
      page.on('pageerror', (error) => heard.push(error.message))
      page.on('request', (request) => heard.push(request.url()))
      const answer = await page.goto(callback)
      expect(answer?.headers()).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; img-src data:; style-src 'sha256-.*frame-ancestors 'none'$/,
        ),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(heading)
      expect(await page.title()).toBe(`${sign} ${heading} · spotify-auth`)
      // The mark is drawn, and nothing that is read out.
      expect((await page.locator('main > svg').boundingBox())?.width).toBe(64)
      expect(await page.getByRole('main').ariaSnapshot()).toMatch(/^- main:\n {2}- heading/)
      expect(await page.locator('html').getAttribute('lang')).toBe('en')

      // Colours do not depend on the width, nor does what is in the middle on the colours.
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 360],
      ] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 640 })
        const [paper, ink, soft] = (await page.evaluate(readColors)).map(luminance)
        expect(colorScheme === 'light' ? paper : ink).toBeGreaterThan(0.8)
        for (const text of [ink, soft]) expect(contrast(paper, text)).toBeGreaterThan(5)
        const box = await page.getByRole('main').boundingBox()
        expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - width / 2)).toBeLessThan(2)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        if (process.env.SCREENSHOTS) {
          const name = `${choice}-${heading.length}-${colorScheme}-${width}.png`
          await page.screenshot({ path: path.join(process.env.SCREENSHOTS, name) })
        }
      }
      expect(heard).toEqual([callback])
      if (choice === 'expired') await visit(await login.answer('cancel'))
      await login.outcome
    },
  )
})

/** Runs in the page: the colours of the paper, the heading and the text, as `rgb(…)`. */
const readColors = `[
  getComputedStyle(document.body).backgroundColor,
  getComputedStyle(document.querySelector('h1')).color,
  getComputedStyle(document.querySelector('p')).color,
]` as unknown as () => string[]

/** Relative luminance (WCAG 2.2). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((channel) => {
    const value = Number(channel) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast ratio (WCAG 2.2), 1 to 21. */
function contrast(a = 0, b = 0): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
