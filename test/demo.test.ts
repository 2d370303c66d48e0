import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it as plain } from 'vitest'
import { waitFor } from './support/sandbox.ts'

const repository = fileURLToPath(new URL('../', import.meta.url))
/** What Node is given to start the demo, as `npm run demo` starts it. */
const asTyped = ['--import', 'tsx', path.join(repository, 'demo/demo.ts')]

/** The demo file by file in JavaScript, beside what it looks for: tsx takes as long as all that the demo does. */
const compiled = mkdtempSync(path.join(tmpdir(), 'demo-compiled-'))
const asCompiled = [path.join(compiled, 'demo/demo.js')]

beforeAll(async () => {
  const demo = await rolldown({ input: asTyped.at(-1), platform: 'node', external: /^[^./]/ })
  await demo.write({ dir: compiled, preserveModules: true, preserveModulesRoot: repository })
  for (const name of ['dist', 'node_modules', 'package.json'])
    symlinkSync(path.join(repository, name), path.join(compiled, name))
})

afterAll(() => rmSync(compiled, { recursive: true }))

/** `it` with a directory of the test's own, which is all that the demo may write to. */
const it = plain.extend<{ temporary: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  temporary: async ({}, use) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'demo-test-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
})

/** The demo in a process group of its own, as a shell starts it. */
function startDemo(temporary: string, args: string[], typed = '') {
  const env = { PATH: process.env.PATH ?? '', HOME: temporary, TMPDIR: temporary }
  const child = spawn(process.execPath, args, {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(typed)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more) => {
      text += more
    })
  }
  // Comes only when no process of the demo's has these streams any more.
  const ended = new Promise((resolve) => child.once('close', resolve))
  return { group: -(child.pid ?? Number.NaN), text: () => text, ended }
}

/** What is there besides what tsx keeps for its next run. */
function leftBehind(temporary: string): string[] {
  return readdirSync(temporary).filter((name) => !/^(tsx-|node-compile-cache$)/.test(name))
}

describe.concurrent('the demo', { timeout: 90_000 }, () => {
  it('shows every command with its output and leaves nothing behind', async ({ temporary }) => {
    const { text, ended } = startDemo(temporary, asTyped)
    expect({ code: await ended, text: text() }).toMatchObject({ code: 0 })
    const [intro, ...commands] = text().split(/^\$ /m)
    // Whole: nothing else prints anything.
    expect(intro).toBe(
      'This is spotify-auth with a stand-in for Spotify on this machine: no account is needed.\n\n' +
        'Nobody can click in a browser here, so the demo follows the redirects by itself.\n\n',
    )
    expect(commands).toEqual([
      expect.stringMatching(/^spotify-auth login --no-browser .*authorize\?.*^Logged in as Ada Lovelace/ms),
      expect.stringMatching(
        /^spotify-auth now-playing\nMarisol Vantreight, Claude Debussy - Clair de lune\n/,
      ),
      expect.stringMatching(/^spotify-auth token --header\nAuthorization: Bearer \S+\n/),
      expect.stringMatching(/^spotify-auth status\n.*Logged in as Ada Lovelace.*\d+ days\n/s),
      expect.stringMatching(/^spotify-auth logout\nLogged out:.*"Your first login"/s),
    ])
    expect(leftBehind(temporary)).toEqual([])
  })

  it('with --shell lets commands be tried by hand, and leaves nothing behind', async ({ temporary }) => {
    const typed = 'spotify-auth status\nspotify-auth logout\nspotify-auth token\n'
    const { text, ended } = startDemo(temporary, [...asCompiled, '--shell'], typed)
    expect({ code: await ended, text: text() }).toMatchObject({ code: 0 })
    const [, byHand] = text().split('exit ends it, and nothing of it is left.')
    expect(byHand).toMatch(/Logged in as Ada Lovelace.*Logged out:.*You are not logged in/s)
    expect(leftBehind(temporary)).toEqual([])
  })

  it('leaves nothing behind after Ctrl-C', async ({ temporary }) => {
    const { text, ended, group } = startDemo(temporary, asCompiled)
    await waitFor(() => text().includes('$ spotify-auth login'))
    expect(leftBehind(temporary)).toEqual([expect.stringMatching(/^spotify-auth-demo-/)])
    process.kill(group, 'SIGINT')
    expect(await ended).toBe(130)
    expect(text()).not.toContain('ended early')
    expect(leftBehind(temporary)).toEqual([])
  })
})
