import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { track } from '../support/fixtures.ts'
import { createSandbox, type Sandbox, waitFor } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  standIn.playback = track
  sandbox = createSandbox(standIn)
  await sandbox.logIn(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

const player = 'GET /v1/me/player/currently-playing'
const asked = () => standIn.requestsTo(player).length
const line = 'Marisol Vantreight, Claude Debussy - Clair de lune\n'
const bars = (count: number) =>
  Promise.all(Array.from({ length: count }, () => sandbox.run(['now-playing', '--max-age', '5'])))

describe('the shared cache', () => {
  it('twenty bars at once, again and again, are one request in five seconds', async () => {
    await bars(20)
    const startedAt = Date.now()
    while (Date.now() - startedAt < 6_000) {
      for (const bar of await bars(20))
        expect(bar).toEqual({ code: 0, signal: null, stdout: line, stderr: '' })
    }
    expect(asked()).toBeGreaterThanOrEqual(2)
    expect(asked()).toBeLessThanOrEqual(1 + Math.floor((Date.now() - startedAt) / 5_000))
  })

  it('while one command fetches, the others go on with what is there', async () => {
    await bars(1)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    standIn.fault(player, { delayMs: 2_000 })
    const slow = sandbox.start(['now-playing', '--max-age', '1'])
    await waitFor(() => asked() === 2)
    const startedAt = Date.now()
    expect(await sandbox.run(['now-playing', '--max-age', '1'])).toMatchObject({ code: 0, stdout: line })
    expect(Date.now() - startedAt).toBeLessThan(1_000)
    await slow.outcome
    expect(asked()).toBe(2)
  })

  it('moves the progress on', async () => {
    const progress = async () =>
      JSON.parse((await sandbox.run(['now-playing', '--max-age', '60', '--json'])).stdout)
    const first = await progress()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const second = await progress()
    expect(second.progress_ms - first.progress_ms).toBeGreaterThan(900)
    expect(second.fetched_at).toBe(first.fetched_at)
    expect(asked()).toBe(1)
  })

  it('remembers also that nothing plays', async () => {
    standIn.playback = undefined
    for (let run = 0; run < 3; run++)
      expect(await sandbox.run(['now-playing', '--max-age', '5'])).toMatchObject({ code: 0, stdout: '' })
    expect(asked()).toBe(1)
  })

  it('is private, in the runtime directory where there is one, and apart for each home', async () => {
    const runtime = path.join(sandbox.env.HOME ?? '', 'run')
    mkdirSync(runtime)
    await sandbox.run(['now-playing', '--max-age', '5'], { env: { XDG_RUNTIME_DIR: runtime } })
    const directory = path.join(runtime, 'spotify-auth', encodeURIComponent(sandbox.home))
    expect(readdirSync(directory).toSorted()).toEqual(['default.json', 'default.json.lock'])
    expect(statSync(path.join(directory, 'default.json')).mode & 0o777).toBe(0o600)
    expect(existsSync(path.join(sandbox.home, 'cache'))).toBe(false)
  })

  it.each([
    '',
    '{',
    '[]',
    '{"version":0}',
    '{"version":1,"authorizedAtMs":1,"fetchedAtMs":9e15,"playback":{}}',
  ])('that holds %j is as good as none', async (text) => {
    mkdirSync(path.join(sandbox.home, 'cache'), { recursive: true })
    writeFileSync(path.join(sandbox.home, 'cache', 'default.json'), text)
    expect(await sandbox.run(['now-playing', '--max-age', '5'])).toMatchObject({ code: 0, stdout: line })
  })

  it('is not put back by a fetch that a logout has overtaken', async () => {
    standIn.fault(player, { delayMs: 700 })
    const slow = sandbox.start(['now-playing', '--max-age', '5'])
    await waitFor(() => asked() === 1)
    await sandbox.run(['logout'])
    await slow.outcome
    expect(await sandbox.run(['now-playing', '--max-age', '500'])).toMatchObject({ code: 4, stdout: '' })
  })

  it('that cannot be written costs a request, nothing else', async () => {
    writeFileSync(path.join(sandbox.home, 'cache'), '')
    for (let run = 0; run < 2; run++)
      expect(await sandbox.run(['now-playing', '--max-age', '5'])).toMatchObject({ code: 0, stdout: line })
    expect(asked()).toBe(2)
  })

  it('is left alone by SPOTIFY_REFRESH_TOKEN', async () => {
    await bars(1)
    const { refresh_token } = await standIn.issue()
    await sandbox.run(['now-playing', '--max-age', '500'], { env: { SPOTIFY_REFRESH_TOKEN: refresh_token } })
    expect(asked()).toBe(2)
  })

  it('is forgotten at logout', async () => {
    await bars(1)
    await sandbox.run(['logout'])
    expect(await sandbox.run(['now-playing', '--max-age', '500'])).toMatchObject({ code: 4, stdout: '' })
  })

  it('never answers an error, or for status', async () => {
    await bars(1)
    standIn.fault(player, { status: 503, body: '' })
    expect(await sandbox.run(['now-playing', '--max-age', '0'])).toMatchObject({ code: 6, stdout: '' })
    await sandbox.run(['status', '--check'])
    expect(standIn.requestsTo('GET /v1/me')).toHaveLength(1)
  })
})

describe('a 429', () => {
  const limit = (retryAfter?: string, body: string | object = '') =>
    standIn.fault(player, { status: 429, headers: retryAfter ? { 'retry-after': retryAfter } : {}, body })

  it('A3: of a day is exit 6 at once, and the next command makes no request', async () => {
    limit('86400')
    const startedAt = Date.now()
    expect(await sandbox.run(['now-playing'])).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('Try again in 24 hours.'),
    })
    expect(Date.now() - startedAt).toBeLessThan(2_000)
    for (const args of [['now-playing'], ['now-playing', '--max-age', '5'], ['status', '--check']]) {
      expect(await sandbox.run(args)).toMatchObject({
        code: 6,
        stdout: '',
        stderr: expect.stringContaining('24 hours'),
      })
    }
    expect(standIn.requests).toHaveLength(1)
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
  })

  it('for twenty bars over a second is one request in all', async () => {
    limit('86400')
    for (let round = 0; round < 3; round++) await bars(20)
    expect(asked()).toBe(1)
  })

  it('leaves the last answer, marked stale', async () => {
    await bars(1)
    limit('100')
    const stale = ['now-playing', '--max-age', '0']
    expect(JSON.parse((await sandbox.run([...stale, '--json'])).stdout)).toMatchObject({
      title: 'Clair de lune',
      stale: true,
    })
    expect((await sandbox.run([...stale, '--format', '{title} {stale}'])).stdout).toBe(
      'Clair de lune stale\n',
    )
    expect(JSON.parse((await sandbox.run([...stale, '--waybar'])).stdout).class).toEqual(['playing', 'stale'])
    expect((await sandbox.run(['now-playing'])).stdout).toBe(line)
    expect(asked()).toBe(2)
  })

  it('ends when Spotify said', async () => {
    limit('1')
    expect(await sandbox.run(['now-playing'])).toMatchObject({ code: 6 })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await sandbox.run(['now-playing'])).toMatchObject({ code: 0, stdout: line })
  })

  it.each([
    ['absent', undefined, '30 seconds'],
    ['a date', 'in an hour', '60 minutes'],
    ['nonsense', 'soon', '30 seconds'],
  ])('whose Retry-After is %s holds for %s', async (_, retryAfter, wait) => {
    // Ten seconds less than an hour: a date holds whole seconds, and the command takes some time.
    limit(retryAfter === 'in an hour' ? new Date(Date.now() + 3_590_000).toUTCString() : retryAfter)
    expect((await sandbox.run(['now-playing'])).stderr).toContain(wait)
    expect(await sandbox.run(['now-playing'])).toMatchObject({ code: 6 })
    expect(asked()).toBe(1)
  })

  it('for a used-up quota is explained', async () => {
    limit('60', { error: { status: 429, message: 'Too many requests', reason: 'QUOTA_EXCEEDED' } })
    for (let run = 0; run < 2; run++)
      expect((await sandbox.run(['now-playing'])).stderr).toContain('quota of your developer account')
  })

  it('of one profile is not one of another', async () => {
    limit('60')
    await sandbox.run(['now-playing'])
    expect(await sandbox.run(['now-playing', '--profile', 'work'])).toMatchObject({ code: 4 })
  })
})

describe('T1: a hostile title', () => {
  const hostile =
    'a\u001b[31m\u001b]52;c;aGk=\u0007\u009b31m\u007f\r\n\u2028b\u202egnp\u2066\0\ud83d 👩‍👩‍👧‍👦 #[fg=red]#(touch x) %{F#f00} <b>&"\' {title}'
  const clean = 'a[31m]52;c;aGk=31m bgnp\ufffd 👩‍👩‍👧‍👦 #[fg=red]#(touch x) %{F#f00} <b>&"\' {title}'
  beforeEach(() => {
    standIn.playback = {
      ...track,
      item: {
        ...track.item,
        name: hostile,
        artists: [{ name: hostile }],
        album: { ...track.item.album, name: hostile },
      },
    }
  })

  it.each([
    [[], `${clean} - ${clean}`],
    [['--format', '{title}'], clean],
    [['--format', '{artist}|{artists}|{album}'], `${clean}|${clean}|${clean}`],
    [['--format', '{title}', '--escape', 'tmux'], clean.replaceAll('#', '##')],
    [['--format', '{title}', '--escape', 'polybar'], clean.replaceAll('%{', '%\u2060{')],
    [['--format', '{title}', '--escape', 'pango'], clean.replace('<b>&"\'', '&lt;b&gt;&amp;&quot;&#39;')],
    [['--format', '{title}', '--max-length', '8'], 'a[31m]5…'],
  ])('is one clean line with %j', async (args, text) => {
    const { code, stdout } = await sandbox.run(['now-playing', ...args])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${text}\n` })
  })

  it('is one clean line in JSON that parses back to the original', async () => {
    const { stdout } = await sandbox.run(['now-playing', '--json'])
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
    expect(stdout).not.toMatch(/[\u202e\u2066\u2028]/)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout)).toMatchObject({ title: hostile, artists: [hostile], album: hostile })
  })

  it('is clean Pango in one JSON object for waybar', async () => {
    const { stdout } = await sandbox.run(['now-playing', '--waybar', '--format', '<i>{title}</i>'])
    const { text, tooltip } = JSON.parse(stdout)
    const escaped = clean.replace('<b>&"\'', '&lt;b&gt;&amp;&quot;&#39;')
    expect(text).toBe(`<i>${escaped}</i>`)
    expect(tooltip).toBe([escaped, escaped, escaped].join('\n'))
    expect(stdout.trim()).not.toMatch(/\p{Cc}/u)
  })

  it('fits into a JSON template', async () => {
    const { stdout } = await sandbox.run(['now-playing', '--escape', 'json', '--format', '{{"t":"{title}"}'])
    expect(JSON.parse(stdout)).toEqual({ t: clean })
  })
})

describe('forms', () => {
  it('waybar', async () => {
    expect(JSON.parse((await sandbox.run(['now-playing', '--waybar'])).stdout)).toEqual({
      text: line.trim(),
      tooltip: 'Clair de lune\nMarisol Vantreight, Claude Debussy\nSuite bergamasque',
      class: 'playing',
      percentage: 27,
    })
    standIn.playback = undefined
    expect(JSON.parse((await sandbox.run(['now-playing', '--waybar', '--idle', '-'])).stdout)).toEqual({
      text: '-',
      tooltip: '',
      class: 'stopped',
      percentage: 0,
    })
  })

  it('nothing playing is success with nothing, --idle, or exit 3', async () => {
    standIn.playback = undefined
    expect(await sandbox.run(['now-playing'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await sandbox.run(['now-playing', '--idle', 'silence'])).toMatchObject({
      code: 0,
      stdout: 'silence\n',
    })
    expect(await sandbox.run(['now-playing', '--exit-code'])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'Nothing is playing.\n',
    })
    expect(await sandbox.run(['now-playing', '--exit-code', '--json'])).toMatchObject({
      code: 3,
      stdout: '{"playing":false}\n',
    })
    standIn.playback = track
    expect(await sandbox.run(['now-playing', '--exit-code'])).toMatchObject({ code: 0 })
  })

  it.each([
    [['--format', '{nope}'], 'Fields are {title}'],
    [['--escape', 'html'], 'none, pango, tmux, polybar, json'],
    [['--max-length', '0'], '--max-length takes a whole number'],
    [['--max-age', 'x'], '--max-age takes seconds'],
  ])('%j is a usage error before any request', async (args, hint) => {
    expect(await sandbox.run(['now-playing', ...args])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(hint),
    })
    expect(standIn.requests).toEqual([])
  })
})
