import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { describe, expect } from 'vitest'
import type { Fault } from '../support/faults.ts'
import { it } from '../support/fixture.ts'
import {
  library,
  logIn,
  nocturnes,
  pagesAsked,
  paginateInProcess,
  settled,
  success,
  trackNames,
} from '../support/pages-printed.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

/** The exit code as a shell tells it. */
function exitCode({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }) {
  return signal ? 128 + constants.signals[signal] : code
}

describe.concurrent('in the middle,', () => {
  it.beforeEach(logIn)

  const whole = nocturnes(1_000)

  it.for<[string, Fault]>([
    ['a 503', { status: 503, body: '' }],
    ['a reset connection', { reset: true }],
    ['a 401', { status: 401, body: { error: { status: 401, message: 'The access token expired' } } }],
  ])('%s costs one more request and no line', async ([, fault], { sandbox, standIn }) => {
    standIn.fault(library, {}, {}, fault)
    const { stdout, ...rest } = await paginateInProcess(sandbox, '/me/tracks?limit=50')
    expect(rest).toEqual(success)
    expect(trackNames(stdout)).toEqual(whole)
    expect(pagesAsked(standIn)).toBe(21)
  })

  it.for<[string, Fault[], code: number, stderr: string]>([
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
      expect.stringMatching(
        /^Spotify asks to slow down: it has closed the whole Web API until .*\nTry again in 60 seconds\.\n$/,
      ),
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
  ])(
    '%s ends it after the lines of the pages before',
    async ([, faults, code, stderr], { sandbox, standIn }) => {
      standIn.fault(library, {}, {}, ...faults)
      const { stdout, ...rest } = await paginateInProcess(sandbox, '/me/tracks?limit=50')
      expect(rest).toEqual({ code, signal: null, stderr })
      expect(trackNames(stdout)).toEqual(nocturnes(100))
      expect(pagesAsked(standIn)).toBe(2 + faults.length)
    },
  )
})

describe.concurrent('a signal in the middle,', () => {
  it.beforeEach(logIn)

  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s leaves whole lines and exit %i at once', async ([signal, code], { sandbox, standIn }) => {
    standIn.fault(library, {}, {}, { delayMs: 10_000 })
    const running = sandbox.start(['api', '--paginate', '/me/tracks?limit=50'])
    await waitFor(() => pagesAsked(standIn) === 3 && running.stdout().endsWith('\n'))
    running.child.kill(signal)
    const { stdout, stderr, ...end } = await running.outcome
    // The page that it waited for has not come yet.
    expect(standIn.requestsTo(library).at(-1)?.status).toBeUndefined()
    expect({ code: exitCode(end), stderr }).toEqual({ code, stderr: '' })
    expect(trackNames(stdout)).toEqual(nocturnes(100))
  })

  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends it at once, with exit %i, while its reader reads nothing',
    async ([sent, code], { sandbox, standIn }) => {
      const { child, outcome } = sandbox.start(['api', '--paginate', '/me/tracks?limit=50'])
      child.stdout?.pause()
      await waitFor(() => pagesAsked(standIn) > 0)
      await settled(() => pagesAsked(standIn))
      expect(pagesAsked(standIn)).toBeLessThan(20)
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      child.kill(sent)
      const [exited, signal] = await once(child, 'exit')
      clearTimeout(timer)
      child.stdout?.resume()
      await outcome
      expect(exitCode({ code: exited, signal })).toBe(code)
    },
  )
})

describe.concurrent('a reader', () => {
  it.beforeEach(logIn)

  const line = (rest: string) => [
    'bash',
    '-c',
    `"$@" 2>"$HOME/stderr" | ${rest}; echo "exits: \${PIPESTATUS[*]}"`,
    'bash',
  ]
  const piped = async (sandbox: Sandbox, rest: string) => {
    const { stdout } = await sandbox.run(['api', '--paginate', '/me/tracks?limit=50'], { under: line(rest) })
    return { stdout, stderr: readFileSync(`${sandbox.env.HOME}/stderr`, 'utf8') }
  }

  it('that leaves after one line ends it quietly with exit 0', async ({ sandbox, standIn }) => {
    const { stdout, stderr } = await piped(sandbox, 'head -1')
    const [first = '', ...rest] = stdout.split('\n')
    expect(JSON.parse(first).track.name).toBe('Nocturne No. 1')
    expect({ rest, stderr }).toEqual({ rest: ['exits: 0 0', ''], stderr: '' })
    expect(pagesAsked(standIn)).toBeLessThan(20)
  })

  const full = needs('that is a full disk is exit 1 with a message', '/dev/full')
  it.skipIf(full.skip)(full.title, async ({ sandbox, standIn }) => {
    const { stdout } = await sandbox.run(['api', '--paginate', '/me/tracks?limit=50'], {
      under: ['bash', '-c', '"$@" 2>&1 >/dev/full; echo "exit: $?"', 'bash'],
    })
    expect(stdout).toMatch(/^Something unexpected went wrong: ENOSPC: [^\n]*\nRun it again[^\n]*\nexit: 1\n$/)
    expect(pagesAsked(standIn)).toBe(1)
  })
})
