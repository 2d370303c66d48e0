import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { catalogue } from '../support/stand-in-catalogue.ts'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  sandbox = createSandbox(standIn)
  await sandbox.logIn(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

const success = { code: 0, signal: null, stderr: '' }
const library = 'GET /v1/me/tracks'
const paginate = (...args: string[]) => sandbox.run(['api', '--paginate', ...args])
const asked = () => standIn.requestsTo(library).length

/** What was printed as values; throws unless each line is whole and JSON. */
function values(stdout: string) {
  const lines = stdout.split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line))
}

const names = (stdout: string) => values(stdout).map(({ track }) => track.name)
const nocturnes = (count: number) => Array.from({ length: count }, (_, index) => `Nocturne No. ${index + 1}`)

/** The exit code as a shell tells it. */
function exitCode({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }) {
  return signal ? 128 + constants.signals[signal] : code
}

/** Waits until a number has stayed the same for half a second. */
async function settled(count: () => number): Promise<void> {
  for (let seen = -1; seen !== count(); ) {
    seen = count()
    await sleep(500)
  }
}

describe('all pages are printed, one item a line:', () => {
  it('a library of 1,000 tracks in its order, with 20 requests on one connection', async () => {
    const { stdout, ...rest } = await paginate('/me/tracks?limit=50')
    expect(rest).toEqual(success)
    expect(names(stdout)).toEqual(nocturnes(1_000))
    const offsets = standIn.requests.map(({ query }) => query.get('offset'))
    expect(offsets).toEqual([null, ...Array.from({ length: 19 }, (_, index) => `${(index + 1) * 50}`)])
    expect(new Set(standIn.requests.map(({ clientPort }) => clientPort)).size).toBe(1)
  })

  it('items as Spotify sent them', async () => {
    const { stdout } = await sandbox.run(['api', '/me/tracks?limit=1'])
    const page = JSON.parse(stdout)
    expect(page.next).not.toBeNull()
    standIn.fault(library, { transform: (json) => ({ ...json, next: null }) })
    expect(await paginate('/me/tracks?limit=1')).toEqual({
      ...success,
      stdout: `${JSON.stringify(page.items[0])}\n`,
    })
  })

  it('a search of one type, whose pages are wrapped', async () => {
    const { stdout, ...rest } = await paginate('/search', '-f', 'q=fog', '-f', 'type=track', '-f', 'limit=10')
    expect(rest).toEqual(success)
    const found = catalogue.tracks.filter(({ artists }) => artists.some(({ name }) => /fog/i.test(name)))
    expect(found).toHaveLength(46)
    expect(values(stdout)).toEqual(found)
    expect(standIn.requests.map(({ query }) => query.get('offset'))).toEqual([null, '10', '20', '30', '40'])
  })

  it('items of any kind, none of which breaks its line or is obeyed by a terminal', async () => {
    const items = [null, 5, 'a\nb\u2028c\u0085\u009b31m\u202e\u007f', [1], { a: { b: '🌵' } }]
    standIn.fault(library, { body: { items, next: null } })
    const { stdout, ...rest } = await paginate('/me/tracks')
    expect(rest).toEqual(success)
    expect(values(stdout)).toEqual(items)
    expect(stdout.replace(/[\n\u{20}-\u{7e}🌵]/gu, '')).toBe('')
  })

  it.each([{ items: [], next: null }, { items: [] }, { items: [], next: '' }])(
    'nothing of %j',
    async (body) => {
      standIn.fault(library, { body })
      expect(await paginate('/me/tracks')).toEqual({ ...success, stdout: '' })
      expect(asked()).toBe(1)
    },
  )
})

describe('is a usage error:', () => {
  it.each([
    ['an answer without pages', ['/me'], 'This answer has no pages.\nLeave out --paginate.\n'],
    [
      'pages of several kinds',
      ['/search?q=fog&type=artist,track'],
      'This answer has pages of several kinds.\nAsk for one type only.\n',
    ],
  ])('%s', async (_, args, stderr) => {
    expect(await paginate(...args)).toEqual({ code: 2, signal: null, stdout: '', stderr })
    expect(standIn.requests).toHaveLength(1)
  })

  it.each(['null', '5', '"text"', '[[1]]', '{"items":5}', '{"items":{"a":1}}'])(
    'an answer of %s',
    async (body) => {
      standIn.fault(library, { body })
      expect(await paginate('/me/tracks')).toMatchObject({ code: 2, stdout: '' })
    },
  )
})

describe('in the middle,', () => {
  const whole = nocturnes(1_000)

  it.each([
    ['a 503', { status: 503, body: '' }],
    ['a reset connection', { reset: true }],
    ['a 401', { status: 401, body: { error: { status: 401, message: 'The access token expired' } } }],
  ])('%s costs one more request and no line', async (_, fault) => {
    standIn.fault(library, {}, {}, fault)
    const { stdout, ...rest } = await paginate('/me/tracks?limit=50')
    expect(rest).toEqual(success)
    expect(names(stdout)).toEqual(whole)
    expect(asked()).toBe(21)
  })

  it.each([
    [
      'a page of a captive portal',
      [{ status: 200, body: '<html>portal</html>' }],
      6,
      'Spotify answered with something that is not JSON.\nA captive portal or proxy may be in between; try again later.\n',
    ],
    [
      'a 429',
      [{ status: 429, headers: { 'retry-after': '60' }, body: '' }],
      6,
      'Spotify asks to slow down.\nTry again in 60 seconds.\n',
    ],
    [
      'a 502 twice',
      [
        { status: 502, body: '' },
        { status: 502, body: '' },
      ],
      6,
      'Spotify answered with status 502.\nTry again later.\n',
    ],
    ['a 404', [{ status: 404, body: '' }], 5, 'Spotify found nothing there.\n'],
  ])('%s ends it after the lines of the pages before', async (_, faults, code, stderr) => {
    standIn.fault(library, {}, {}, ...faults)
    const { stdout, ...rest } = await paginate('/me/tracks?limit=50')
    expect(rest).toEqual({ code, signal: null, stderr })
    expect(names(stdout)).toEqual(nocturnes(100))
    expect(asked()).toBe(2 + faults.length)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s leaves whole lines and exit %i at once', async (signal, code) => {
    standIn.fault(library, {}, {}, { delayMs: 5_000 })
    const running = sandbox.start(['api', '--paginate', '/me/tracks?limit=50'])
    await waitFor(() => asked() === 3 && running.stdout().endsWith('\n'))
    const startedAt = Date.now()
    running.child.kill(signal)
    const { stdout, stderr, ...end } = await running.outcome
    expect(Date.now() - startedAt).toBeLessThan(500)
    expect({ code: exitCode(end), stderr }).toEqual({ code, stderr: '' })
    expect(names(stdout)).toEqual(nocturnes(100))
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it at once, with exit %i, while its reader reads nothing', async (sent, code) => {
    const { child, outcome } = sandbox.start(['api', '--paginate', '/me/tracks?limit=50'])
    child.stdout?.pause()
    await waitFor(() => asked() > 0)
    await settled(asked)
    expect(asked()).toBeLessThan(20)
    const timer = setTimeout(() => child.kill('SIGKILL'), 1_000)
    child.kill(sent)
    const [exited, signal] = await once(child, 'exit')
    clearTimeout(timer)
    child.stdout?.resume()
    await outcome
    expect(exitCode({ code: exited, signal })).toBe(code)
  })
})

describe('a reader', () => {
  const line = (rest: string) => [
    'bash',
    '-c',
    `"$@" 2>"$HOME/stderr" | ${rest}; echo "exits: \${PIPESTATUS[*]}"`,
    'bash',
  ]
  const piped = async (rest: string) => {
    const { stdout } = await sandbox.run(['api', '--paginate', '/me/tracks?limit=50'], { under: line(rest) })
    return { stdout, stderr: readFileSync(`${sandbox.env.HOME}/stderr`, 'utf8') }
  }

  it('that leaves after one line ends it quietly with exit 0', async () => {
    const { stdout, stderr } = await piped('head -1')
    const [first = '', ...rest] = stdout.split('\n')
    expect(JSON.parse(first).track.name).toBe('Nocturne No. 1')
    expect({ rest, stderr }).toEqual({ rest: ['exits: 0 0', ''], stderr: '' })
    expect(asked()).toBeLessThan(20)
  })

  const full = needs('that is a full disk is exit 1 with a message', '/dev/full')
  it.skipIf(full.skip)(full.title, async () => {
    const { stdout } = await sandbox.run(['api', '--paginate', '/me/tracks?limit=50'], {
      under: ['bash', '-c', '"$@" 2>&1 >/dev/full; echo "exit: $?"', 'bash'],
    })
    expect(stdout).toMatch(/^Something unexpected went wrong: ENOSPC: [^\n]*\nRun it again[^\n]*\nexit: 1\n$/)
    expect(asked()).toBe(1)
  })
})

describe('two hundred big pages', () => {
  const pages = 200
  const numbers = Array.from({ length: pages * 50 }, (_, index) => index + 1)
  let server: http.Server
  let requests: number
  beforeEach(async () => {
    requests = 0
    server = http.createServer((request, response) => {
      requests++
      const { origin, searchParams } = new URL(request.url ?? '', `http://${request.headers.host}`)
      const start = Number(searchParams.get('start') ?? 0)
      const items = numbers.slice(start, start + 50).map((number) => ({ number, text: 'x'.repeat(4_000) }))
      const next = start + 50 < numbers.length ? `${origin}/v1/big?start=${start + 50}` : null
      response.end(JSON.stringify({ items, next }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    sandbox.env.SPOTIFY_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  })
  afterEach(() => {
    server.close()
    server.closeAllConnections()
  })

  it('go through less memory than they take', async () => {
    const { stdout, ...rest } = await sandbox.run(['api', '--paginate', '/big'], {
      env: { NODE_OPTIONS: '--max-old-space-size=16' },
    })
    expect(rest).toEqual(success)
    expect(values(stdout).map(({ number }) => number)).toEqual(numbers)
  })

  it('arrive whole at a slow reader, though the server closes the connection meanwhile', async () => {
    const { child, outcome } = sandbox.start(['api', '--paginate', '/big'])
    child.stdout?.pause()
    await settled(() => requests)
    server.closeIdleConnections()
    child.stdout?.resume()
    const { stdout, ...rest } = await outcome
    expect(rest).toEqual(success)
    expect(values(stdout).map(({ number }) => number)).toEqual(numbers)
  })
})
