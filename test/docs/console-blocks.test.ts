import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { codeBlocks, documents } from '../support/documents.ts'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { followLogin } from '../support/follow-login.ts'
import { beginLoginInProcess, perform, runInProcess } from '../support/in-process.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import type { Sandbox } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

/** A command line of a block, and what is shown of its output. */
interface Step {
  line: string
  shown: string
}

/** What is otherwise at a block than that somebody is logged in for `now-playing`, and hears a track. */
const settings: Record<string, (test: { sandbox: Sandbox; standIn: StandIn }) => unknown> = {
  'Wherever you sit': async ({ sandbox }) => {
    await runInProcess(sandbox, ['logout'])
    Object.assign(sandbox.env, { BROWSER: '', SSH_CONNECTION: '192.0.2.1 40000 192.0.2.2 22' })
  },
  'In a script': ({ sandbox, standIn }) => sandbox.logIn(standIn),
  'Find and play': ({ sandbox, standIn }) => sandbox.logIn(standIn),
  Play: ({ sandbox, standIn }) => sandbox.logIn(standIn),
  Keep: ({ sandbox, standIn }) => sandbox.logIn(standIn),
  'Look back': async ({ sandbox, standIn }) => {
    sandbox.env.TZ = 'UTC'
    await sandbox.logIn(standIn)
  },
  Settings: ({ sandbox }) =>
    runInProcess(sandbox, ['config', 'set', 'client_id', sandbox.env.SPOTIFY_CLIENT_ID ?? '']),
  'What is closed': async ({ sandbox, standIn }) => {
    standIn.fault('GET /v1/albums/6tJw2CkQe8Vn4gXsRy0MhU', {
      status: 429,
      headers: { 'retry-after': '85000' },
      body: '{"error":{"status":429,"message":"QUOTA_EXCEEDED"}}',
    })
    await runInProcess(sandbox, ['api', '/albums/6tJw2CkQe8Vn4gXsRy0MhU'])
  },
}

const inTerminal = needs('in a terminal', 'script')
const withJq = needs('', 'jq')
const withCurl = needs('', 'curl')
const skip = inTerminal.skip || withJq.skip || withCurl.skip

const pages = documents.filter((file) => codeBlocks(file, 'console').length > 0)
/** Of these every line runs in a terminal; of the others those that need a shell, and the rest in this process. */
const firstPages = ['README.md', 'docs/login.md', 'docs/now-playing.md']
const columns = 100

describe.concurrent.for(pages)('%s', (file) => {
  const blocks = codeBlocks(file, 'console').map(({ heading, code }) => [heading, stepsOf(code)] as const)

  it.skipIf(skip).for(blocks)(
    `shows what the program prints${skip ? ' (skipped: script, jq or curl is missing)' : ''}: %s`,
    async ([heading, steps], { sandbox, standIn }) => {
      standIn.playback = track
      await sandbox.logIn(standIn, {
        scopes: ['user-read-currently-playing'],
        user: { id: 'ada.lovelace', displayName: 'Ada Lovelace' },
      })
      Object.assign(sandbox.env, withProgramOnPath(sandbox), {
        SPOTIFY_REDIRECT_URI: 'http://127.0.0.1/callback',
        NO_COLOR: '1',
      })
      await settings[heading]?.({ sandbox, standIn })
      for (const { line, shown } of steps) {
        const needsShell = firstPages.includes(file) || /[|$]/.test(line)
        const output = await (needsShell ? runInTerminal(line, sandbox, standIn) : runHere(line, sandbox))
        expect(output).toMatch(patternOf(shown, sandbox))
      }
    },
  )
})

function stepsOf(code: string): Step[] {
  return code
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [line = '', ...shown] = step.trimEnd().split('\n')
      return { line, shown: shown.join('\n') }
    })
}

/** The same from a line that is nothing but the program and its words. */
async function runHere(line: string, sandbox: Sandbox): Promise<string> {
  const [program, ...args] = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
  if (program !== 'spotify-auth') throw new Error(`this is for a shell: ${line}`)
  if (args[0] === 'login') {
    const login = await beginLoginInProcess(sandbox, args.slice(1))
    await visit(await login.answer('agree'))
    const { stdout, stderr } = await login.outcome
    return asShown(stderr + stdout)
  }
  const { stdout } = await perform(sandbox, args, undefined, { columns })
  return asShown(stdout)
}

/** What the terminal of somebody who types that line shows; yes is said to a question, and a login is agreed to. */
async function runInTerminal(line: string, { env }: Sandbox, standIn: StandIn): Promise<string> {
  const typed = line.replace('https://api.spotify.com/v1', standIn.env.SPOTIFY_API_URL)
  const child = spawn('script', ['-qec', `stty cols ${columns}; ${typed}`, '/dev/null'], {
    env: { ...env, TERM: 'xterm-256color', SHELL: '/bin/sh' },
  })
  let shown = ''
  let isAnswered = false
  let isFollowed = false
  child.stdout.setEncoding('utf8').on('data', async (part) => {
    shown += part
    if (!isAnswered && shown.includes('● Yes')) {
      isAnswered = true
      child.stdin.write('y')
    }
    const [authorizeUrl] = /^\S+\/authorize\?\S+(?=\s*$)/m.exec(stripVTControlCharacters(shown)) ?? []
    if (!authorizeUrl || isFollowed || !shown.includes('Waiting')) return
    isFollowed = true
    await visit(await followLogin(authorizeUrl, 'agree'))
  })
  await text(child.stderr)
  return asShown(shown)
}

/** The text without control characters; a line that is drawn again and again is shown as one after the other. */
function asShown(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\n\r\u001b[K', '\n').replaceAll('\r\u001b[K', '\n')
  return stripVTControlCharacters(lines).trimEnd()
}

/** What is shown, where `…` stands for anything, and days, times, ports and tokens are others each time. */
function patternOf(shown: string, { env }: Sandbox): RegExp {
  const pattern = shown
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/^…$\n?/gm, '(?:.*\\n)*')
    .replaceAll('…', '.*')
    .replace(/\d{1,2} (?:[A-Z][a-z]+)(?: \d{4})?/g, '\\d{1,2} [A-Z][a-z]+(?: \\d{4})?')
    .replace(/\d{1,2}:\d{2}(?= \\\()/g, '\\d+:\\d{2}')
    .replace(/in \d+ days/, 'in \\d+ days')
    .replace(/"expires_in":\d+/, '"expires_in":\\d+')
    .replace(/\d{10}/g, '\\d{10}')
    .replaceAll('https://accounts\\.spotify\\.com', env.SPOTIFY_ACCOUNTS_URL ?? '')
    .replace(/ssh -L 3000:127\\\.0\\\.0\\\.1:3000 \w+/, 'ssh -L (\\d+):127\\.0\\.0\\.1:\\1 \\S+')
    .replaceAll('127\\.0\\.0\\.1:3000', '127\\.0\\.0\\.1:\\d+')
    .replace(/(:\\d\+\/)[\w-]{22}/, '$1[\\w-]{22}')
    .replace('/home/ada/\\.spotify-auth', env.SPOTIFY_AUTH_HOME ?? '')
  return new RegExp(`^${pattern}$`)
}
