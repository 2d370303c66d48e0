import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBrowser } from '../support/plain-browser.ts'
import { packageDirectory } from '../support/script.ts'

let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'example-test-'))
})
afterEach(() => rmSync(temporary, { recursive: true, force: true }))

it('the example runs without an account until Ctrl-C, and leaves nothing behind', {
  timeout: 90_000,
}, async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/authenticating-server.ts'], {
    cwd: packageDirectory,
    env: { PATH: process.env.PATH ?? '', HOME: temporary, TMPDIR: temporary, PORT: '0' },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Comes only when no process of the example's has this stream any more.
  const ended = once(child, 'close')
  const shown = await lookAt(createInterface({ input: child.stdout })).finally(() =>
    process.kill(-Number(child.pid), 'SIGINT'),
  )
  expect(await ended).toEqual([0, null])
  expect(shown).toContain('<h2>Clair de lune</h2>')
  const left = readdirSync(temporary).filter((name) => !/^(tsx-|node-compile-cache$)/.test(name))
  expect(left).toEqual([])
})

/** What somebody sees who goes to the address that is printed, and logs in. */
async function lookAt(output: Interface): Promise<string> {
  for await (const line of output) {
    if (!URL.canParse(line)) continue
    const browser = openBrowser(line)
    await browser.get(await browser.agree())
    return (await browser.get('/')).text
  }
  throw new Error('it printed no address')
}
