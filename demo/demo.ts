import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { endingSignals, Interrupted } from '../src/errors.ts'
import { hasBrowser } from '../src/login/browser.ts'
import { openOutput } from '../src/terminal/output.ts'
import { openStyle } from '../src/terminal/style.ts'
import { track } from '../test/support/fixtures.ts'
import { startStandIn } from '../test/support/stand-in.ts'
import { followLoginOf } from './follow.ts'
import { demoEnvironment, startProgram } from './program.ts'
import { openShell } from './shell.ts'

const stdout = openOutput(1)
const stop = new AbortController()
for (const name of endingSignals) process.on(name, () => stop.abort(new Interrupted(name)))

async function demo(directory: string): Promise<void> {
  // A browser is of use only to somebody who looks at it.
  const withBrowser = stdout.isTerminal && !process.env.CI && hasBrowser(process.env)
  const standIn = await startStandIn()
  try {
    standIn.playback = track
    const env = {
      ...demoEnvironment(standIn.env),
      SPOTIFY_AUTH_HOME: path.join(directory, 'home'),
      // Else what is compiled of it would stay in the user's caches.
      NODE_DISABLE_COMPILE_CACHE: '1',
      // A browser that the program starts must find its profile in the user's own home.
      ...(!withBrowser && { HOME: directory }),
    }

    say('This is spotify-auth with a stand-in for Spotify on this machine: no account is needed.\n')
    if (process.argv.includes('--shell')) {
      await run(['login', '--no-browser', '--port', '0', '--timeout', '120'], env, standIn.accountsUrl)
      return await openShell(directory, env)
    }
    if (withBrowser) {
      say("Your browser opens at the stand-in's consent page: choose Agree there.\n")
      await run(['login', '--port', '0', '--timeout', '120'], env)
    } else {
      say('Nobody can click in a browser here, so the demo follows the redirects by itself.\n')
      await run(['login', '--no-browser', '--port', '0', '--timeout', '120'], env, standIn.accountsUrl)
    }
    await run(['now-playing'], env)
    await run(['token', '--header'], env)
    await run(['status'], env)
    if (withBrowser && (await wantsShell())) await openShell(directory, env)
    await run(['logout'], env)
    say('That was all; nothing of it is left. With your own account: README, "Your first login".')
  } finally {
    await standIn.close()
  }
}

/** Asks somebody who has seen everything whether to try commands by hand. */
async function wantsShell(): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await asking.question('Try commands by hand, against the stand-in? [y/N] ', stop)
  asking.close()
  return /^y/i.test(answer)
}

/**
 * Shows a command as a user types it, then what it really says. With `followedUrl`, the address of an accounts server,
 * an authorize URL of that server among what it says is followed as a browser would.
 */
async function run(args: string[], env: NodeJS.ProcessEnv, followedUrl?: string): Promise<void> {
  stop.signal.throwIfAborted()
  const style = await openStyle({ env: process.env, stdout, color: true })
  const line = ['spotify-auth', ...args].join(' ')
  say(style.bold(`$ ${line}`))
  const program = startProgram(args, env, stop.signal, followedUrl ? 'pipe' : 'inherit')
  try {
    if (followedUrl) await followLoginOf(program, followedUrl)
  } finally {
    // Nothing may write into the directory any more when it is removed.
    await program.ended
  }
  stop.signal.throwIfAborted()
  const code = await program.ended
  if (code !== 0) throw new Error(`\`${line}\` failed (exit code ${code}).`)
  say('')
}

function say(text: string): void {
  stdout.write(`${text}\n`)
}

const directory = mkdtempSync(path.join(tmpdir(), 'spotify-auth-demo-'))
try {
  await demo(directory)
} catch (error) {
  // Ctrl-C may have ended a command before this process has heard of it.
  await sleep(50)
  process.exitCode = stop.signal.aborted ? stop.signal.reason.exitCode : 1
  if (!stop.signal.aborted)
    console.error(`The demo ended early: ${error instanceof Error ? error.message : error}`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
