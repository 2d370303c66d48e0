import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { constants } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fault } from '../support/faults.ts'
import { createSandbox, type Running, type Sandbox, waitFor } from '../support/sandbox.ts'
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

const api = (...args: string[]) => sandbox.run(['api', ...args])
const success = { code: 0, signal: null, stderr: '' }
const renewals = () => standIn.requestsTo('POST /api/token').length

/** Every request so far, without what is the client's own. */
const sent = () =>
  standIn.requests.map(({ method, path, query, body }) => ({ method, path, query: `${query}`, body }))
const sentOnce = (method: string, path: string, rest: { query?: string; body?: string } = {}) =>
  expect(sent()).toEqual([{ method, path, query: '', body: '', ...rest }])

const inSandbox = (name: string) => path.join(sandbox.env.HOME ?? '', name)

const refused = (status: number, message: string, reason?: string): Fault => ({
  status,
  body: { error: { status, message, reason } },
})

describe('a GET', () => {
  it('prints the answer byte for byte, and a newline', async () => {
    const body = '{ "name" : "Bj\\u00f6rk ö 🌵",\n\t"n":1.0e2, "n":12345678901234567890}'
    standIn.fault('GET /v1/me', { body })
    expect(await api('/me')).toEqual({ ...success, stdout: `${body}\n` })
  })

  it('adds no second newline', async () => {
    standIn.fault('GET /v1/me', { body: '[\n]\n' })
    expect(await api('/me')).toEqual({ ...success, stdout: '[\n]\n' })
  })

  it.each(['/me', 'me', '/v1/me', 'URL'])(
    'asks for %s with the token and without a body',
    async (address) => {
      const { accessToken } = sandbox.readCredential()
      const { stdout } = await api(address.replace('URL', `${standIn.apiUrl}/me`))
      expect(JSON.parse(stdout)).toMatchObject({ display_name: 'Ada Lovelace' })
      sentOnce('GET', '/v1/me')
      const { authorization, 'content-type': type } = standIn.requests[0]?.headers ?? {}
      expect({ authorization, type }).toEqual({ authorization: `Bearer ${accessToken}`, type: undefined })
    },
  )

  it.each([
    ['/search', 'q=a%26b%3D+%C3%B6%23&type=track&type=album'],
    ['/search?limit=2', 'limit=2&q=a%26b%3D+%C3%B6%23&type=track&type=album'],
    ['/search?limit=2&', 'limit=2&q=a%26b%3D+%C3%B6%23&type=track&type=album'],
  ])('adds fields to the query of %s, encoded and as they are', async (address, query) => {
    standIn.fault('GET /v1/search', { body: {} })
    await api(address, '-f', 'q=a&b= ö#', '--field', 'type=track', '-f', 'type=album', '-X', 'get')
    sentOnce('GET', '/v1/search', { query })
  })

  it('keeps text and numbers of a field as they were typed', async () => {
    standIn.fault('GET /v1/search', { body: {} })
    await api('/search', '-f', 'q="1.0"', '-f', 'year=007', '-f', 'none=', '-f', 'a=b=c')
    sentOnce('GET', '/v1/search', { query: 'q=%221.0%22&year=007&none=&a=b%3Dc' })
  })

  it('with --include prints status and headers first', async () => {
    standIn.fault('GET /v1/me', { body: '{"id":"ada"}', headers: { 'X-Tea': 'hot \u009b31m' } })
    const { stdout, ...rest } = await api('/me', '--include')
    expect(rest).toEqual(success)
    const [head = '', body] = stdout.split('\n\n')
    expect(body).toBe('{"id":"ada"}\n')
    const lines = head.split('\n')
    expect(lines[0]).toBe('HTTP 200')
    expect(lines).toContain('content-type: text/plain; charset=utf-8')
    expect(lines).toContain('x-tea: hot 31m')
  })

  it('with --include prints those of a failure, too', async () => {
    standIn.fault('GET /v1/me', { status: 404, body: '{"error":{}}' })
    const { stdout, ...rest } = await api('/me', '--include')
    expect(rest).toEqual({ code: 5, signal: null, stderr: 'Spotify found nothing there.\n' })
    expect(stdout).toMatch(/^HTTP 404\n(.+: .+\n)+\n\{"error":\{\}\}\n$/)
  })
})

const { title, skip } = needs('in a terminal', 'script')
describe.skipIf(skip)(title, () => {
  it('JSON is indented, and nothing in it is obeyed', async () => {
    standIn.fault('GET /v1/me', { body: '{"a":"\u009b31m\u202e\\u001b[2J","b":[1]}' })
    const { code, stdout } = await sandbox.startInTerminal(['api', '/me']).outcome
    const shown = '{\n  "a": "\\u009b31m\\u202e\\u001b[2J",\n  "b": [\n    1\n  ]\n}\n'
    expect({ code, shown: stdout.replaceAll('\r\n', '\n') }).toEqual({ code: 0, shown })
  })

  it('what is not JSON is one line, and nothing in it is obeyed', async () => {
    standIn.fault('GET /v1/me', { body: '<b>\u001b]0;owned\u0007\r\nportal\u009b2J' })
    const { code, stdout } = await sandbox.startInTerminal(['api', '/me']).outcome
    expect({ code, stdout }).toEqual({ code: 0, stdout: '<b>]0;owned portal2J\r\n' })
  })
})

describe('a body', () => {
  const saved = { status: 200, body: '{}' }

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('of fields is JSON, for %s', async (method) => {
    standIn.fault(`${method} /v1/playlists/1`, saved)
    expect(
      await api('-X', method, '/playlists/1?position=2', '-f', 'name=Harbour', '-f', 'public=true'),
    ).toEqual({
      ...success,
      stdout: '{}\n',
    })
    const body = '{"name":"Harbour","public":true}'
    sentOnce(method, '/v1/playlists/1', { query: 'position=2', body })
    expect(standIn.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  it.each([
    ['5', 5],
    ['-1.5', -1.5],
    ['true', true],
    ['null', null],
    ['["a",1]', ['a', 1]],
    ['{"uri":"x"}', { uri: 'x' }],
    ['"5"', '5'],
    ['b=c', 'b=c'],
    ['', ''],
    ['007', '007'],
    ['[broken', '[broken'],
    ['two\nlines “ö”', 'two\nlines “ö”'],
  ])('has for a field of %j the value %j', async (text, value) => {
    standIn.fault('POST /v1/x', saved)
    await api('-X', 'POST', '/x', '-f', `a=${text}`)
    expect(JSON.parse(standIn.requests[0]?.body ?? '')).toEqual({ a: value })
  })

  it('has all digits of a long number', async () => {
    standIn.fault('POST /v1/x', saved)
    await api('-X', 'POST', '/x', '-f', 'id=12345678901234567890', '-f', 'much=1e400')
    sentOnce('POST', '/v1/x', { body: '{"id":12345678901234567890,"much":1e400}' })
  })

  it('has a field of any name', async () => {
    standIn.fault('POST /v1/x', saved)
    await api('-X', 'POST', '/x', '-f', '__proto__=1', '-f', 'constructor=x')
    sentOnce('POST', '/v1/x', { body: '{"__proto__":1,"constructor":"x"}' })
  })

  const text = '\ufeff{ "ids": [ "ö", "🌵" ],\r\n\t"n": 1.0 }\n\n'

  it.each(['FILE', '-'])('of --input %s is sent byte for byte, as a POST', async (input) => {
    standIn.fault('POST /v1/x', saved)
    writeFileSync(inSandbox('FILE'), text)
    expect(await sandbox.run(['api', '/x', '--input', input], { stdin: text })).toMatchObject(success)
    sentOnce('POST', '/v1/x', { body: text })
    expect(standIn.requests[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    })
  })

  it('of --input goes with another method, too', async () => {
    standIn.fault('PUT /v1/x', saved)
    await sandbox.run(['api', '/x', '-X', 'put', '--input', '-'], { stdin: '[]' })
    sentOnce('PUT', '/v1/x', { body: '[]' })
  })

  it('is not sent without fields', async () => {
    standIn.fault('PUT /v1/x', saved)
    await api('-X', 'PUT', '/x')
    sentOnce('PUT', '/v1/x')
    const { 'content-type': type, 'content-length': length } = standIn.requests[0]?.headers ?? {}
    expect({ type, length }).toEqual({ type: undefined, length: '0' })
  })
})

describe('an answer without a body', () => {
  it('prints nothing', async () => {
    expect(await api('-X', 'PUT', '/me/player/volume?volume_percent=20')).toEqual({ ...success, stdout: '' })
    expect(standIn.requests.map(({ status }) => status)).toEqual([204])
  })

  it('has a head, with --include', async () => {
    const { stdout } = await api('-X', 'PUT', '/me/player/volume?volume_percent=20', '--include')
    expect(stdout).toMatch(/^HTTP 204\n(.+: .+\n)+\n$/)
  })
})

describe('is a usage error before any request:', () => {
  it.each([
    ['a GET with --input', ['/me', '-X', 'GET', '--input', '-'], 'A GET has no body to send.'],
    ['fields with --input', ['/x', '-f', 'a=1', '--input', '-'], 'Use --field or --input, not both.'],
    ['a method that there is not', ['/me', '-X', 'TRACE'], '--method takes GET, POST, PUT, PATCH, DELETE.'],
    ['a method with a line break', ['/me', '-X', 'GET\n'], '--method takes GET, POST, PUT, PATCH, DELETE.'],
    ['a field without =', ['/me', '-f', 'name'], '--field takes KEY=VALUE.'],
    ['a field without a name', ['/me', '-f', '=1'], '--field takes KEY=VALUE.'],
    ['a missing file', ['/x', '--input', 'no/\u001bsuch'], 'no/such cannot be read (ENOENT).'],
    ['a directory', ['/x', '--input', '.'], '. cannot be read (EISDIR).'],
    ['no path', [], "Missing required argument 'path'."],
    ['two paths', ['/me', '/x'], "Too many arguments for 'api'. Expected 1 argument but got 2."],
    [
      'pages of a POST',
      ['/x', '--paginate', '-X', 'POST'],
      '--paginate goes with a plain GET, without --include.',
    ],
    [
      'pages of --input',
      ['/x', '--paginate', '--input', '-'],
      '--paginate goes with a plain GET, without --include.',
    ],
    [
      'pages with heads',
      ['/x', '--paginate', '--include'],
      '--paginate goes with a plain GET, without --include.',
    ],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await api(...args)
    expect({ code, stdout, said: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', said: message })
    expect(sent()).toEqual([])
  })
})

describe('A4: the token goes nowhere else:', () => {
  let elsewhere: net.Server
  let connections: number
  beforeEach(async () => {
    connections = 0
    elsewhere = net
      .createServer((socket) => {
        connections++
        socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
      })
      .listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
  })
  afterEach(() => elsewhere.close())

  const other = () => `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
  const filled = (text: string) =>
    text.replace('OTHER', other()).replace('OURS', standIn.apiUrl.replace(/^http:\/\/|\/v1$/g, ''))

  it.each([
    '//OTHER/v1/me',
    '//OURS/v1/me',
    '///OTHER/v1/me',
    '\\\\OTHER\\v1\\me',
    '/\\OTHER/v1/me',
    'http:\\\\OTHER\\v1\\me',
    'http://OTHER/v1/me',
    'http:OTHER/v1/me',
    'http://OURS@OTHER/v1/me',
    'http://ada@OURS/v1/me',
    'http://ada:secret@OURS/v1/me',
    'https://OURS/v1/me',
    'ftp://OTHER/v1/me',
    'file:///v1/me',
    'http://OURS/me',
    'http://OURS/v1/../x',
    '/../x',
    '/../../x',
    '/%2e%2e/x',
    '/v1/.%2E/x',
    '/..\\x',
    '//evil.example/x',
    'https://api.spotify.com@evil.example/',
  ])('%s is a usage error without a request', async (address) => {
    expect(await api(filled(address))).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `That is not a path of the Web API.\nSuch as /me, or a URL below ${standIn.apiUrl}.\n`,
    })
    expect({ ours: sent(), connections }).toEqual({ ours: [], connections: 0 })
  })

  it.each(['@OTHER/v1/me', ':80@OTHER/v1/me', '.OTHER/v1/me', '/\tOTHER/me', 'OTHER/v1/me'])(
    '%s is a path of ours',
    async (address) => {
      expect(await api(filled(address))).toMatchObject({ code: 5, stdout: '' })
      expect({ ours: sent().length, connections }).toEqual({ ours: 1, connections: 0 })
    },
  )

  it.each([301, 302, 303, 307, 308])('a redirect with %i is not followed', async (status) => {
    const location = `http://${other()}/v1/me`
    standIn.fault('POST /v1/x', { status, headers: { location }, body: '' })
    expect(await api('-X', 'POST', '/x')).toMatchObject({ code: 6, stdout: '' })
    sentOnce('POST', '/v1/x')
    expect(connections).toBe(0)
  })

  it('a next page of another origin is refused, after the items of the first', async () => {
    const next = `http://${other()}/v1/me/tracks?offset=2`
    standIn.fault('GET /v1/me/tracks', { body: { items: [{ id: 1 }, { id: 2 }], next } })
    expect(await api('/me/tracks', '--paginate')).toEqual({
      code: 5,
      signal: null,
      stdout: '{"id":1}\n{"id":2}\n',
      stderr: 'The next page lies outside of the Web API; the token does not go there.\n',
    })
    expect({ ours: sent().length, connections }).toEqual({ ours: 1, connections: 0 })
  })

  it.each([
    'http://OURS@OTHER/v1/me/tracks',
    '//OTHER/v1/me/tracks',
    '/v1/me/tracks?offset=2',
    'http://OURS/me/tracks',
    'https://OURS/v1/me/tracks',
  ])('%s is no next page', async (next) => {
    standIn.fault('GET /v1/me/tracks', { body: { items: [1], next: filled(next) } })
    expect(await api('/me/tracks', '--paginate')).toMatchObject({ code: 5, stdout: '1\n' })
    expect({ ours: sent().length, connections }).toEqual({ ours: 1, connections: 0 })
  })
})

describe('a 401', () => {
  const old = refused(401, 'The access token expired')

  it('is answered by one renewal and one repeat of the very same request', async () => {
    const { accessToken } = sandbox.readCredential()
    standIn.fault('PUT /v1/x', old, { body: '{}' })
    expect(await api('-X', 'PUT', '/x?a=b%20c', '-f', 'd=1')).toEqual({ ...success, stdout: '{}\n' })
    const [first, renewal, second] = sent()
    expect(first).toEqual({ method: 'PUT', path: '/v1/x', query: 'a=b+c', body: '{"d":1}' })
    expect(second).toEqual(first)
    expect(renewal).toMatchObject({ method: 'POST', path: '/api/token' })
    const tokens = standIn.requestsTo('PUT /v1/x').map(({ headers }) => headers.authorization)
    expect(tokens).toEqual([`Bearer ${accessToken}`, `Bearer ${sandbox.readCredential().accessToken}`])
    expect(tokens[0]).not.toBe(tokens[1])
    expect(standIn.requests).toHaveLength(3)
  })

  it.each(['GET', 'POST'])('for ever is exit 4 after two requests, for %s', async (method) => {
    standIn.fault(`${method} /v1/x`, old, old, old, old)
    expect(await api('-X', method, '/x')).toEqual({
      code: 4,
      signal: null,
      stdout: '',
      stderr: 'Spotify does not accept a token that it has just issued.\nRun: spotify-auth login\n',
    })
    expect([standIn.requestsTo(`${method} /v1/x`).length, renewals()]).toEqual([2, 1])
  })
})

describe('a 429', () => {
  it('is exit 6, and no command asks again before its time', async () => {
    standIn.fault('GET /v1/me', { status: 429, headers: { 'retry-after': '86400' }, body: '' })
    const limited = {
      code: 6,
      signal: null,
      stdout: '',
      stderr: 'Spotify asks to slow down.\nTry again in 24 hours.\n',
    }
    for (const args of [['api', '/me'], ['api', '/x', '-X', 'POST'], ['search', 'fog'], ['now-playing']]) {
      expect(await sandbox.run(args)).toEqual(limited)
    }
    sentOnce('GET', '/v1/me')
  })

  it('of a POST is the same', async () => {
    standIn.fault('POST /v1/x', { status: 429, headers: { 'retry-after': '90' }, body: '' })
    expect(await api('/x', '-X', 'POST')).toMatchObject({ code: 6 })
    expect(await api('/me')).toMatchObject({ code: 6 })
    sentOnce('POST', '/v1/x')
  })

  it('is remembered although nobody reads what --include prints', async () => {
    standIn.fault('GET /v1/me', { status: 429, headers: { 'retry-after': '90' }, body: '' })
    const { child, outcome } = sandbox.start(['api', '/me', '--include'])
    child.stdout?.destroy()
    await outcome
    expect(await api('/me')).toMatchObject({ code: 6 })
    sentOnce('GET', '/v1/me')
  })

  it('says when the quota is used up, then and later', async () => {
    standIn.fault('GET /v1/me', {
      ...refused(429, 'Too many', 'QUOTA_EXCEEDED'),
      headers: { 'retry-after': '60' },
    })
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await api('/me')
      expect({ code, stderr }).toEqual({
        code: 6,
        stderr: expect.stringMatching(
          /^The quota of your developer account is used up.*\nTry again in \d+ seconds\.\n$/,
        ),
      })
    }
    sentOnce('GET', '/v1/me')
  })
})

describe('Spotify fails:', () => {
  const faults: [string, Fault][] = [
    ['a 503', { status: 503, body: '' }],
    ['a reset connection', { reset: true }],
  ]

  it.each(faults)('a GET is repeated once after %s', async (_, fault) => {
    standIn.fault('GET /v1/me', fault)
    expect(await api('/me?a=b')).toMatchObject(success)
    const [first, second, ...more] = sent()
    expect(first).toEqual({ method: 'GET', path: '/v1/me', query: 'a=b', body: '' })
    expect([second, more]).toEqual([first, []])
  })

  it('a GET is not repeated twice', async () => {
    const down = { status: 500, body: '<h1>oops</h1>' }
    standIn.fault('GET /v1/me', down, down, down)
    expect(await api('/me')).toEqual({
      code: 6,
      signal: null,
      stdout: '',
      stderr: 'Spotify answered with status 500.\nTry again later.\n',
    })
    expect(sent()).toHaveLength(2)
  })

  describe.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s', (method) => {
    it.each(faults)('is not repeated after %s', async (_, fault) => {
      standIn.fault(`${method} /v1/x`, fault)
      expect(await api('-X', method, '/x', '-f', 'a=1')).toMatchObject({ code: 6, stdout: '' })
      sentOnce(method, '/v1/x', { body: '{"a":1}' })
    })
  })

  it.each(faults)('the renewal before a GET is not repeated after %s', async (_, fault) => {
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() - 1_000 })
    standIn.fault('POST /api/token', fault)
    expect(await api('/me')).toMatchObject({ code: 6, stdout: '' })
    expect(sent()).toMatchObject([{ path: '/api/token' }])
  })

  it.each(faults)('the renewal after a 401 is not repeated after %s', async (_, fault) => {
    standIn.fault('GET /v1/me', refused(401, 'The access token expired'))
    standIn.fault('POST /api/token', fault)
    expect(await api('/me')).toMatchObject({ code: 6, stdout: '' })
    expect(sent()).toMatchObject([{ path: '/v1/me' }, { path: '/api/token' }])
  })
})

describe('an error is told with what to do:', () => {
  const dashboard = 'https://developer.spotify.com/dashboard'
  const both = `In development mode the app's owner needs Premium, and you must be on the app's list of users: ${dashboard}`

  it.each<[string, Fault, stderr: string[]]>([
    ['400', refused(400, 'Invalid id'), ['Spotify refused with status 400: Invalid id.']],
    ['400 in plain text', { status: 400, body: 'Bad id.\n' }, ['Spotify refused with status 400: Bad id.']],
    ['400 in HTML', { status: 400, body: ' <html>x</html>' }, ['Spotify refused with status 400.']],
    ['400 without a word', { status: 400, body: '' }, ['Spotify refused with status 400.']],
    ['400 of another shape', { status: 400, body: [{ error: 1 }] }, ['Spotify refused with status 400.']],
    ['404', refused(404, 'Service not found'), ['Spotify found nothing there: Service not found.']],
    ['404 in plain text', { status: 404, body: 'Not found.' }, ['Spotify found nothing there: Not found.']],
    ['403', refused(403, 'Forbidden.'), ['Spotify refused: Forbidden.', both]],
    [
      '403 for a scope',
      refused(403, 'Insufficient client scope'),
      [
        'This needs a scope that was not granted; the page of the request at developer.spotify.com names it.',
        'Run: spotify-auth login --scope +SCOPE',
      ],
    ],
    [
      '403 for an owner without Premium',
      { status: 403, body: 'Active premium subscription required for the owner of the app.' },
      [
        'Spotify refused: Active premium subscription required for the owner of the app.',
        `The app's owner needs Spotify Premium: ${dashboard}`,
      ],
    ],
    [
      '403 for a user who is not on the list',
      { status: 403, body: 'User not registered in the Developer Dashboard' },
      [
        'Spotify refused: User not registered in the Developer Dashboard.',
        `Add your account to the app's list of users: ${dashboard}`,
      ],
    ],
    [
      '403 for a listener without Premium',
      refused(403, 'Premium required', 'PREMIUM_REQUIRED'),
      ['This needs Spotify Premium.', 'Spotify lets programs control the player of Premium accounts only.'],
    ],
    [
      '404 for no active device',
      refused(404, 'No active device', 'NO_ACTIVE_DEVICE'),
      [
        'None of your devices is active.',
        'Open Spotify on one of them, or wake one: spotify-auth play --device NAME',
      ],
    ],
    ['403 for a reason of no known name', refused(403, 'No', 'constructor'), ['Spotify refused: No.']],
    [
      'a message that a terminal would obey',
      refused(400, 'a\u001b]0;x\u0007\nb\u202e'),
      ['Spotify refused with status 400: a]0;x b.'],
    ],
    [
      'a message without end',
      refused(400, 'x'.repeat(9_999)),
      [`Spotify refused with status 400: ${'x'.repeat(200)}.`],
    ],
  ])('%s', async (_, fault, stderr) => {
    standIn.fault('POST /v1/x', fault)
    expect(await api('-X', 'POST', '/x')).toEqual({
      code: 5,
      signal: null,
      stdout: '',
      stderr: stderr.map((line) => `${line}\n`).join(''),
    })
    sentOnce('POST', '/v1/x')
  })

  it('a refused GET is not repeated', async () => {
    expect(await api('/me/horoscope')).toEqual({
      code: 5,
      signal: null,
      stdout: '',
      stderr: 'Spotify found nothing there: Service not found.\n',
    })
    sentOnce('GET', '/v1/me/horoscope')
  })

  it('no login', async () => {
    await sandbox.run(['logout'])
    expect(await api('/me')).toEqual({
      code: 4,
      signal: null,
      stdout: '',
      stderr: 'You are not logged in.\nRun: spotify-auth login\n',
    })
    expect(sent()).toEqual([])
  })

  it('an answer that is cut off', async () => {
    standIn.fault('POST /v1/x', { body: '{', trickleMs: 1, headers: { 'content-length': '99' } })
    expect(await api('-X', 'POST', '/x')).toMatchObject({ code: 6, stdout: '' })
  })
})

it('T2: --verbose tells each request and no secret', async () => {
  const before = sandbox.readCredential()
  standIn.fault('POST /v1/x', refused(401, 'The access token expired'), { body: '{}' })
  const { code, stdout, stderr } = await api('/x?who=private', '-X', 'POST', '-f', 'a=private', '--verbose')
  expect({ code, stdout, lines: stderr.replace(/\d+ ms$/gm, 'ms').split('\n') }).toEqual({
    code: 0,
    stdout: '{}\n',
    lines: [
      `POST ${standIn.apiUrl}/x 401 ms`,
      `POST ${standIn.accountsUrl}/api/token 200 ms`,
      `POST ${standIn.apiUrl}/x 200 ms`,
      '',
    ],
  })
  const after = sandbox.readCredential()
  for (const secret of [before.accessToken, after.accessToken, after.refreshToken, 'private']) {
    expect(stderr).not.toContain(secret)
  }
})

describe('a signal', () => {
  /** Sends the signal; the outcome has the exit code that a shell tells. */
  const endedBy = async (name: 'SIGINT' | 'SIGTERM', { child, outcome }: Running) => {
    const startedAt = Date.now()
    child.kill(name)
    const { code, signal, ...rest } = await outcome
    expect(Date.now() - startedAt).toBeLessThan(500)
    return { code: signal ? 128 + constants.signals[signal] : code, ...rest }
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it at once while Spotify is silent, with exit %i', async (name, code) => {
    standIn.fault('POST /v1/x', { hang: true })
    const running = sandbox.start(['api', '-X', 'POST', '/x'])
    await waitFor(() => standIn.requests.length === 1)
    expect(await endedBy(name, running)).toEqual({ code, stdout: '', stderr: '' })
  })

  it('ends it at once between a failure and the repeat', async () => {
    standIn.fault('GET /v1/me', { status: 503, body: '' })
    const running = sandbox.start(['api', '/me'])
    await waitFor(() => standIn.requests[0]?.status === 503)
    await sleep(100)
    expect(await endedBy('SIGINT', running)).toEqual({ code: 130, stdout: '', stderr: '' })
    expect(sent()).toHaveLength(1)
  })
})
