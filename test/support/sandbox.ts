import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Credential } from '../../src/session/credential.ts'
import { parseCredential, serializeCredential } from '../../src/session/credential-text.ts'
import { followLogin } from './follow-login.ts'
import { listener, publicApp, type StandIn } from './stand-in.ts'

/** Where what V8 has compiled of the built program is kept between its starts in tests. */
const caches = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/** The built program. */
export const programFile = fileURLToPath(new URL('../../dist/spotify-auth.cjs', import.meta.url))

interface Outcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

interface RunOptions {
  env?: Record<string, string>
  stdin?: string
  /** A program and its arguments that starts ours, such as strace. */
  under?: string[]
  /** For how long to wait until a login waits for its callback; without it, 20 seconds. */
  patienceMs?: number
}

export interface Running {
  child: ChildProcess
  /** What it has written to standard error so far. */
  stderr(): string
  /** The same of standard output. */
  stdout(): string
  outcome: Promise<Outcome>
}

export interface WaitingLogin extends Running {
  authorizeUrl: URL
  redirectUri: string
  /** Agrees or cancels on the consent page; returns the callback's address, not yet requested. */
  answer(choice: 'agree' | 'cancel'): Promise<string>
}

/** A home, an environment and a browser of its own for the built program; nothing of the machine's is used. */
export interface Sandbox {
  home: string
  env: Record<string, string>
  credentialFile: string
  start(args: string[], options?: RunOptions): Running
  run(args: string[], options?: RunOptions): Promise<Outcome>
  /** Starts it in a terminal of its own; what it shows is its `stdout`, and what is typed goes to the child's `stdin`. */
  startInTerminal(args: string[], options?: RunOptions): Running
  /** Starts `login` and waits until it waits for its callback; `args` beat the defaults of a free port and a fake browser. */
  beginLogin(args?: string[], options?: RunOptions): Promise<WaitingLogin>
  /** The URL that the program has opened in the browser; waits for it. */
  openedUrl(patienceMs?: number): Promise<string>
  wasBrowserOpened(): boolean
  /** Every file of the credentials' directory but the locks, byte for byte. */
  snapshot(): Record<string, string>
  /** Puts a login on disk as `login` would have: of real tokens of the stand-in, changed by `changes`. */
  logIn(standIn: StandIn, changes?: Partial<Credential>): Promise<Credential>
  writeCredential(credential: Credential, profile?: string): void
  readCredential(): Credential
  /** Ends what it has started and is still running, and deletes its files. */
  remove(): Promise<void>
}

export function createSandbox(standIn?: Pick<StandIn, 'env'>): Sandbox {
  const directory = mkdtempSync(path.join(tmpdir(), 'spotify-auth-test-'))
  const home = path.join(directory, 'home')
  const credentialFile = path.join(home, 'credentials', 'default.json')
  const browser = path.join(directory, 'browser')
  const urlFile = path.join(directory, 'opened-url')
  writeFileSync(
    browser,
    `#!/bin/sh\nprintf %s "$1" > "${urlFile}.part" && mv "${urlFile}.part" "${urlFile}"\n`,
  )
  chmodSync(browser, 0o755)
  mkdirSync(path.join(directory, 'tmp'))
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    TMPDIR: path.join(directory, 'tmp'),
    XDG_CACHE_HOME: caches,
    SPOTIFY_AUTH_HOME: home,
    SPOTIFY_CLIENT_ID: publicApp.clientId,
    BROWSER: browser,
    ...standIn?.env,
  }

  const running = new Set<Running>()

  function start(args: string[], options: RunOptions = {}): Running {
    const [file = '', ...words] = [...(options.under ?? []), process.execPath, programFile, ...args]
    const started = startFile(file, words, options)
    started.child.stdin?.end(options.stdin ?? '')
    return started
  }

  function startFile(file: string, args: string[], options: RunOptions): Running {
    const child = spawn(file, args, { env: { ...env, ...options.env }, cwd: directory })
    const written = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      written.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      written.stderr += text
    })
    child.stdin.on('error', () => {})
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ code, signal, ...written }))
    })
    const started = { child, stderr: () => written.stderr, stdout: () => written.stdout, outcome }
    running.add(started)
    void outcome.catch(() => {}).finally(() => running.delete(started))
    return started
  }

  const writeCredential = (credential: Credential, profile = 'default') => {
    const directory = path.dirname(credentialFile)
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    // As `login` does where nothing has been locked yet.
    if (!existsSync(path.join(home, 'lock-kind'))) useLock({ home }, 'addon')
    writeFileSync(path.join(directory, `${profile}.json`), serializeCredential(credential), { mode: 0o600 })
  }

  const openedUrl = async (patienceMs?: number) => {
    await waitFor(() => existsSync(urlFile), patienceMs)
    return readFileSync(urlFile, 'utf8')
  }

  return {
    home,
    env,
    credentialFile,
    start,
    run: (args, options) => start(args, options).outcome,
    startInTerminal(args, options = {}) {
      const words = [...(options.under ?? []), process.execPath, programFile, ...args]
      const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
      const terminal = { TERM: 'xterm-256color', SHELL: '/bin/sh', ...options.env }
      return startFile('script', ['-qec', `stty cols 80 rows 24; exec ${line}`, '/dev/null'], {
        env: terminal,
      })
    },
    openedUrl,
    writeCredential,
    readCredential: () => parseCredential(readFileSync(credentialFile, 'utf8')),
    async beginLogin(args = [], options = {}) {
      const started = start(['login', '--port', '0', ...args], options)
      await waitFor(
        () => /^Waiting for \S+:/m.test(started.stderr()) || started.child.exitCode !== null,
        options.patienceMs,
      )
      const authorizeUrl = new URL(/^\S+\/authorize\?\S+$/m.exec(started.stderr())?.[0] ?? '')
      return {
        ...started,
        authorizeUrl,
        redirectUri: authorizeUrl.searchParams.get('redirect_uri') ?? '',
        answer: (choice) => followLogin(authorizeUrl.href, choice),
      }
    },
    wasBrowserOpened: () => existsSync(urlFile),
    snapshot() {
      const directory = path.dirname(credentialFile)
      const names = existsSync(directory)
        ? readdirSync(directory).filter((name) => !/\.lock(\.db)?$/.test(name))
        : []
      return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(directory, name), 'hex')]))
    },
    async logIn(server, changes) {
      const credential = await issueCredential(server, changes)
      writeCredential(credential)
      return credential
    },
    async remove() {
      const left = [...running]
      for (const { child } of left) child.kill('SIGKILL')
      await Promise.allSettled(left.map(({ outcome }) => outcome))
      await removeDirectory(directory)
    },
  }
}

/** Makes a new home one that is locked by this kind of lock. */
export function useLock({ home }: Pick<Sandbox, 'home'>, kind: 'addon' | 'flock' | 'sqlite'): void {
  mkdirSync(path.join(home, 'lock-kind', kind), { recursive: true, mode: 0o700 })
}

/** A login of real tokens of the stand-in, changed by `changes`. */
export async function issueCredential(
  standIn: StandIn,
  changes: Partial<Credential> = {},
): Promise<Credential> {
  const tokens = await standIn.issue()
  return {
    clientId: publicApp.clientId,
    accessToken: tokens.access_token,
    expiresAtMs: Date.now() + 3_600_000,
    refreshToken: tokens.refresh_token,
    scopes: tokens.scope.split(' '),
    authorizedAtMs: Date.now(),
    user: { id: listener.id, displayName: listener.display_name },
    ...changes,
  }
}

/** Waits until the condition holds, which it looks at so often; fails when it does not within the time. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
  everyMs = 10,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited too long for ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** A refresh in a process of its own may outlive the test for a moment, and write where this removes. */
async function removeDirectory(directory: string): Promise<void> {
  for (let tries = 100; ; tries--) {
    try {
      return rmSync(directory, { recursive: true, force: true })
    } catch (error) {
      if (tries === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
