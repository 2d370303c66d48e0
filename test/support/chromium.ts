import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Starts the system's Chromium without a window, and without what it asks of the network by itself. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  // It keeps reports of crashes there, and settings.
  const home = mkdtempSync(path.join(tmpdir(), 'spotify-auth-chromium-'))
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
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
  browser.on('disconnected', () => rmSync(home, { recursive: true, force: true, maxRetries: 3 }))
  return browser
}
