import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseCredential } from '../../src/session/credential.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { confidentialApp, type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

const { title, skip, file } = needs('in Chromium', 'chromium')

describe.skipIf(skip)(title, () => {
  let browser: Browser
  let standIn: StandIn
  let sandbox: Sandbox
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: file,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    standIn = await startStandIn()
    sandbox = createSandbox(standIn)
  })
  afterEach(async () => {
    sandbox.remove()
    await standIn.close()
  })

  it.each([
    ['an app without a secret', {}],
    [
      'an app with a secret',
      { SPOTIFY_CLIENT_ID: confidentialApp.clientId, SPOTIFY_CLIENT_SECRET: confidentialApp.clientSecret },
    ],
  ])('somebody logs in with %s', async (_, env: Record<string, string>) => {
    const { outcome } = sandbox.start(['login', '--port', '0'], { env })
    const page = await browser.newPage()
    await page.goto(await sandbox.openedUrl())
    await page.getByRole('button', { name: 'Agree' }).click()
    await page.getByRole('heading', { name: 'All set!' }).waitFor()
    const shownAt = Date.now()
    expect(await page.getByRole('main').textContent()).toContain('You can close this window')
    expect(await outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('Ada Lovelace') })
    expect(Date.now() - shownAt).toBeLessThan(1_000)
    await page.close()

    const { clientId, clientSecret } = parseCredential(readFileSync(sandbox.credentialFile, 'utf8'))
    expect({ clientId, clientSecret }).toEqual({
      clientId: env.SPOTIFY_CLIENT_ID ?? sandbox.env.SPOTIFY_CLIENT_ID,
      clientSecret: env.SPOTIFY_CLIENT_SECRET,
    })
    expect(statSync(sandbox.credentialFile).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(sandbox.credentialFile)).mode & 0o777).toBe(0o700)
    const [exchange, ...more] = standIn.requestsTo('POST /api/token')
    expect(more).toEqual([])
    expect(exchange?.headers.authorization?.startsWith('Basic ') ?? false).toBe(
      'SPOTIFY_CLIENT_SECRET' in env,
    )
  })

  it('somebody does not agree', async () => {
    const { outcome } = sandbox.start(['login', '--port', '0'])
    const page = await browser.newPage()
    await page.goto(await sandbox.openedUrl())
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'Not logged in' }).waitFor()
    expect(await outcome).toMatchObject({ code: 4 })
    await page.close()
  })
})
