import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/api-command.ts'
import { expired, refreshes } from '../support/credentials.ts'
import type { Fault } from '../support/faults.ts'
import { runInProcess } from '../support/in-process.ts'
import { success } from '../support/outcome.ts'
import { needs } from '../support/tools.ts'

const refused = (status: number, message: string, reason?: string): Fault => ({
  status,
  body: { error: { status, message, reason } },
})

describe.concurrent('a GET', () => {
  it('prints the answer byte for byte, and a newline', async ({ api, standIn }) => {
    const body = '{ "name" : "Bj\\u00f6rk ö 🌵",\n\t"n":1.0e2, "n":12345678901234567890}'
    standIn.fault('GET /v1/me', { body })
    expect(await api('/me')).toEqual({ ...success, stdout: `${body}\n` })
  })

  it('adds no second newline', async ({ apiInProcess, standIn }) => {
    standIn.fault('GET /v1/me', { body: '[\n]\n' })
    expect(await apiInProcess('/me')).toEqual({ ...success, stdout: '[\n]\n' })
  })

  it.for(['/me', 'me', '/v1/me', 'URL'])(
    'asks for %s with the token and without a body',
    async (address, { apiInProcess, sandbox, standIn, sentOnce }) => {
      const { accessToken } = sandbox.readCredential()
      const { stdout } = await apiInProcess(address.replace('URL', `${standIn.apiUrl}/me`))
      expect(JSON.parse(stdout)).toMatchObject({ display_name: 'Ada Lovelace' })
      sentOnce('GET', '/v1/me')
      const { authorization, 'content-type': type } = standIn.requests[0]?.headers ?? {}
      expect({ authorization, type }).toEqual({ authorization: `Bearer ${accessToken}`, type: undefined })
    },
  )

  it.for([
    ['/search', 'q=a%26b%3D+%C3%B6%23&type=track&type=album'],
    ['/search?limit=2', 'limit=2&q=a%26b%3D+%C3%B6%23&type=track&type=album'],
    ['/search?limit=2&', 'limit=2&q=a%26b%3D+%C3%B6%23&type=track&type=album'],
  ] as const)(
    'adds fields to the query of %s, encoded and as they are',
    async ([address, query], { apiInProcess, standIn, sentOnce }) => {
      standIn.fault('GET /v1/search', { body: {} })
      await apiInProcess(address, '-f', 'q=a&b= ö#', '--field', 'type=track', '-f', 'type=album', '-X', 'get')
      sentOnce('GET', '/v1/search', { query })
    },
  )

  it('keeps text and numbers of a field as they were typed', async ({ apiInProcess, standIn, sentOnce }) => {
    standIn.fault('GET /v1/search', { body: {} })
    await apiInProcess('/search', '-f', 'q="1.0"', '-f', 'year=007', '-f', 'none=', '-f', 'a=b=c')
    sentOnce('GET', '/v1/search', { query: 'q=%221.0%22&year=007&none=&a=b%3Dc' })
  })

  it('with --include prints status and headers first', async ({ apiInProcess, standIn }) => {
    standIn.fault('GET /v1/me', { body: '{"id":"ada"}', headers: { 'X-Tea': 'hot \u009b31m' } })
    const { stdout, ...rest } = await apiInProcess('/me', '--include')
    expect({ ...rest, stdout: '' }).toEqual(success)
    const [head = '', body] = stdout.split('\n\n')
    expect(body).toBe('{"id":"ada"}\n')
    const lines = head.split('\n')
    expect(lines[0]).toBe('HTTP 200')
    expect(lines).toContain('content-type: text/plain; charset=utf-8')
    expect(lines).toContain('x-tea: hot 31m')
  })

  it('with --include prints those of a failure, too', async ({ apiInProcess, standIn }) => {
    standIn.fault('GET /v1/me', { status: 404, body: '{"error":{}}' })
    const { stdout, ...rest } = await apiInProcess('/me', '--include')
    expect(rest).toEqual({ code: 5, signal: null, stderr: 'Spotify found nothing there.\n' })
    expect(stdout).toMatch(/^HTTP 404\n(.+: .+\n)+\n\{"error":\{\}\}\n$/)
  })
})

const { title, skip } = needs('in a terminal', 'script')
describe.concurrent(title, { skip }, () => {
  it('JSON is indented, and nothing in it is obeyed', async ({ sandbox, standIn }) => {
    standIn.fault('GET /v1/me', { body: '{"a":"\u009b31m\u202e\\u001b[2J","b":[1]}' })
    const { code, stdout } = await sandbox.startInTerminal(['api', '/me']).outcome
    const shown = '{\n  "a": "\\u009b31m\\u202e\\u001b[2J",\n  "b": [\n    1\n  ]\n}\n'
    expect({ code, shown: stdout.replaceAll('\r\n', '\n') }).toEqual({ code: 0, shown })
  })

  it('what is not JSON is one line, and nothing in it is obeyed', async ({ sandbox, standIn }) => {
    standIn.fault('GET /v1/me', { body: '<b>\u001b]0;owned\u0007\r\nportal\u009b2J' })
    const { code, stdout } = await runInProcess(sandbox, ['api', '/me'], { columns: 80 })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '<b>]0;owned portal2J\n' })
  })
})

describe.concurrent('a body', () => {
  const saved = { status: 200, body: '{}' }

  it.for(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'of fields is JSON, for %s',
    async (method, { apiInProcess, standIn, sentOnce }) => {
      standIn.fault(`${method} /v1/playlists/1`, saved)
      expect(
        await apiInProcess(
          '-X',
          method,
          '/playlists/1?position=2',
          '-f',
          'name=Harbour',
          '-f',
          'public=true',
        ),
      ).toEqual({
        ...success,
        stdout: '{}\n',
      })
      const body = '{"name":"Harbour","public":true}'
      sentOnce(method, '/v1/playlists/1', { query: 'position=2', body })
      expect(standIn.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
    },
  )

  it('has for each field the value that its text stands for', async ({ apiInProcess, standIn }) => {
    const values: [text: string, value: unknown][] = [
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
    ]
    standIn.fault('POST /v1/x', saved)
    await apiInProcess('-X', 'POST', '/x', ...values.flatMap(([text], index) => ['-f', `a${index}=${text}`]))
    expect(JSON.parse(standIn.requests[0]?.body ?? '')).toEqual(
      Object.fromEntries(values.map(([, value], index) => [`a${index}`, value])),
    )
  })

  it('has all digits of a long number', async ({ apiInProcess, standIn, sentOnce }) => {
    standIn.fault('POST /v1/x', saved)
    await apiInProcess('-X', 'POST', '/x', '-f', 'id=12345678901234567890', '-f', 'much=1e400')
    sentOnce('POST', '/v1/x', { body: '{"id":12345678901234567890,"much":1e400}' })
  })

  it('has a field of any name', async ({ apiInProcess, standIn, sentOnce }) => {
    standIn.fault('POST /v1/x', saved)
    await apiInProcess('-X', 'POST', '/x', '-f', '__proto__=1', '-f', 'constructor=x')
    sentOnce('POST', '/v1/x', { body: '{"__proto__":1,"constructor":"x"}' })
  })

  const text = '\ufeff{ "ids": [ "ö", "🌵" ],\r\n\t"n": 1.0 }\n\n'

  it.for(['FILE', '-'])(
    'of --input %s is sent byte for byte, as a POST',
    async (input, { sandbox, standIn, sentOnce }) => {
      standIn.fault('POST /v1/x', saved)
      const { HOME = '' } = sandbox.env
      writeFileSync(path.join(HOME, 'FILE'), text)
      // A pipe is read by the program; how it reads a file does not depend on its process.
      const args = ['api', '/x', '--input', input === 'FILE' ? path.join(HOME, input) : input]
      const outcome = input === '-' ? sandbox.run(args, { stdin: text }) : runInProcess(sandbox, args)
      expect(await outcome).toEqual({ ...success, stdout: '{}\n' })
      sentOnce('POST', '/v1/x', { body: text })
      expect(standIn.requests[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      })
    },
  )

  it('of --input goes with another method, too', async ({ sandbox, standIn, sentOnce }) => {
    standIn.fault('PUT /v1/x', saved)
    await runInProcess(sandbox, ['api', '/x', '-X', 'put', '--input', '-'], { stdin: '[]' })
    sentOnce('PUT', '/v1/x', { body: '[]' })
  })

  it('is not sent without fields', async ({ apiInProcess, standIn, sentOnce }) => {
    standIn.fault('PUT /v1/x', saved)
    await apiInProcess('-X', 'PUT', '/x')
    sentOnce('PUT', '/v1/x')
    const { 'content-type': type, 'content-length': length } = standIn.requests[0]?.headers ?? {}
    expect({ type, length }).toEqual({ type: undefined, length: '0' })
  })
})

describe.concurrent('an answer without a body', () => {
  it('prints nothing', async ({ apiInProcess, standIn }) => {
    expect(await apiInProcess('-X', 'PUT', '/me/player/volume?volume_percent=20')).toEqual({
      ...success,
      stdout: '',
    })
    expect(standIn.requests.map(({ status }) => status)).toEqual([204])
  })

  it('has a head, with --include', async ({ apiInProcess }) => {
    const { stdout } = await apiInProcess('-X', 'PUT', '/me/player/volume?volume_percent=20', '--include')
    expect(stdout).toMatch(/^HTTP 204\n(.+: .+\n)+\n$/)
  })
})

describe.concurrent('is a usage error before any request:', () => {
  it.for([
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
  ] as const)('%s', async ([, args, message], { apiInProcess, sent }) => {
    const { code, stdout, stderr } = await apiInProcess(...args)
    expect({ code, stdout, said: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', said: message })
    expect(sent()).toEqual([])
  })
})

describe.concurrent('a 401', () => {
  const old = refused(401, 'The access token expired')

  it('is answered by one renewal and one repeat of the very same request', async ({
    apiInProcess,
    sandbox,
    standIn,
    sent,
  }) => {
    const { accessToken } = sandbox.readCredential()
    standIn.fault('PUT /v1/x', old, { body: '{}' })
    expect(await apiInProcess('-X', 'PUT', '/x?a=b%20c', '-f', 'd=1')).toEqual({ ...success, stdout: '{}\n' })
    const [first, renewal, second] = sent()
    expect(first).toEqual({ method: 'PUT', path: '/v1/x', query: 'a=b+c', body: '{"d":1}' })
    expect(second).toEqual(first)
    expect(renewal).toMatchObject({ method: 'POST', path: '/api/token' })
    const tokens = standIn.requestsTo('PUT /v1/x').map(({ headers }) => headers.authorization)
    expect(tokens).toEqual([`Bearer ${accessToken}`, `Bearer ${sandbox.readCredential().accessToken}`])
    expect(tokens[0]).not.toBe(tokens[1])
    expect(standIn.requests).toHaveLength(3)
  })

  it.for(['GET', 'POST'])(
    'for ever is exit 4 after two requests, for %s',
    async (method, { apiInProcess, standIn }) => {
      standIn.fault(`${method} /v1/x`, old, old, old, old)
      expect(await apiInProcess('-X', method, '/x')).toEqual({
        code: 4,
        signal: null,
        stdout: '',
        stderr: 'Spotify does not accept a token that it has just issued.\nRun: spotify-auth login\n',
      })
      expect([standIn.requestsTo(`${method} /v1/x`).length, refreshes(standIn).length]).toEqual([2, 1])
    },
  )
})

describe.concurrent('a 429', () => {
  it('is exit 6, and no command asks again before its time', async ({ sandbox, standIn, sentOnce }) => {
    standIn.fault('GET /v1/me', { status: 429, headers: { 'retry-after': '86400' }, body: '' })
    const limited = {
      code: 6,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(
        /^Spotify asks to slow down: it has closed the whole Web API until .*\nTry again in 24 hours\.\n$/,
      ),
    }
    for (const args of [['api', '/me'], ['now-playing'], ['api', '/x', '-X', 'POST'], ['search', 'fog']]) {
      expect(await runInProcess(sandbox, args)).toEqual(limited)
    }
    sentOnce('GET', '/v1/me')
  })

  it('of a POST is the same', async ({ apiInProcess, standIn, sentOnce }) => {
    standIn.fault('POST /v1/x', { status: 429, headers: { 'retry-after': '90' }, body: '' })
    expect(await apiInProcess('/x', '-X', 'POST')).toMatchObject({ code: 6 })
    expect(await apiInProcess('/me')).toMatchObject({ code: 6 })
    sentOnce('POST', '/v1/x')
  })

  it('is remembered although nobody reads what --include prints', async ({
    apiInProcess,
    sandbox,
    standIn,
    sentOnce,
  }) => {
    standIn.fault('GET /v1/me', { status: 429, headers: { 'retry-after': '90' }, body: '' })
    const { child, outcome } = sandbox.start(['api', '/me', '--include'])
    child.stdout?.destroy()
    await outcome
    expect(await apiInProcess('/me')).toMatchObject({ code: 6 })
    sentOnce('GET', '/v1/me')
  })

  it('says when the quota is used up, then and later', async ({ apiInProcess, standIn, sentOnce }) => {
    standIn.fault('GET /v1/me', {
      ...refused(429, 'Too many', 'QUOTA_EXCEEDED'),
      headers: { 'retry-after': '60' },
    })
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await apiInProcess('/me')
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

describe.concurrent('Spotify fails:', () => {
  const faults: [string, Fault][] = [
    ['a 503', { status: 503, body: '' }],
    ['a reset connection', { reset: true }],
  ]

  it.for(faults)('a GET is repeated once after %s', async ([, fault], { apiInProcess, standIn, sent }) => {
    standIn.fault('GET /v1/me', fault)
    expect(await apiInProcess('/me?a=b')).toEqual({ ...success, stdout: expect.any(String) })
    const [first, second, ...more] = sent()
    expect(first).toEqual({ method: 'GET', path: '/v1/me', query: 'a=b', body: '' })
    expect([second, more]).toEqual([first, []])
  })

  it('a GET is not repeated twice', async ({ apiInProcess, standIn, sent }) => {
    const down = { status: 500, body: '<h1>oops</h1>' }
    standIn.fault('GET /v1/me', down, down, down)
    expect(await apiInProcess('/me')).toEqual({
      code: 6,
      signal: null,
      stdout: '',
      stderr: 'Spotify answered with status 500.\nTry again later.\n',
    })
    expect(sent()).toHaveLength(2)
  })

  describe.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s', (method) => {
    it.for(faults)('is not repeated after %s', async ([, fault], { apiInProcess, standIn, sentOnce }) => {
      standIn.fault(`${method} /v1/x`, fault)
      expect(await apiInProcess('-X', method, '/x', '-f', 'a=1')).toMatchObject({ code: 6, stdout: '' })
      sentOnce(method, '/v1/x', { body: '{"a":1}' })
    })
  })

  it.for(faults)(
    'the renewal before a GET is not repeated after %s',
    async ([, fault], { apiInProcess, sandbox, standIn, sent }) => {
      await sandbox.logIn(standIn, expired())
      standIn.fault('POST /api/token', fault)
      expect(await apiInProcess('/me')).toMatchObject({ code: 6, stdout: '' })
      expect(sent()).toMatchObject([{ path: '/api/token' }])
    },
  )

  it.for(faults)(
    'the renewal after a 401 is not repeated after %s',
    async ([, fault], { apiInProcess, standIn, sent }) => {
      standIn.fault('GET /v1/me', refused(401, 'The access token expired'))
      standIn.fault('POST /api/token', fault)
      expect(await apiInProcess('/me')).toMatchObject({ code: 6, stdout: '' })
      expect(sent()).toMatchObject([{ path: '/v1/me' }, { path: '/api/token' }])
    },
  )
})

describe.concurrent('an error is told with what to do:', () => {
  const dashboard = 'https://developer.spotify.com/dashboard'
  const both = `In development mode the app's owner needs Premium, and you must be on the app's list of users: ${dashboard}`

  it.for<[string, Fault, stderr: string[]]>([
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
      refused(400, 'no '.repeat(9_999)),
      [`Spotify refused with status 400: ${'no '.repeat(67).slice(0, 200)}.`],
    ],
  ])('%s', async ([, fault, stderr], { apiInProcess, standIn, sentOnce }) => {
    standIn.fault('POST /v1/x', fault)
    expect(await apiInProcess('-X', 'POST', '/x')).toEqual({
      code: 5,
      signal: null,
      stdout: '',
      stderr: stderr.map((line) => `${line}\n`).join(''),
    })
    sentOnce('POST', '/v1/x')
  })

  it('a refused GET is not repeated', async ({ apiInProcess, sentOnce }) => {
    expect(await apiInProcess('/me/horoscope')).toEqual({
      code: 5,
      signal: null,
      stdout: '',
      stderr: 'Spotify found nothing there: Service not found.\n',
    })
    sentOnce('GET', '/v1/me/horoscope')
  })

  it('no login', async ({ apiInProcess, sandbox, sent }) => {
    await runInProcess(sandbox, ['logout'])
    expect(await apiInProcess('/me')).toEqual({
      code: 4,
      signal: null,
      stdout: '',
      stderr: 'You are not logged in.\nRun: spotify-auth login\n',
    })
    expect(sent()).toEqual([])
  })

  it('an answer that is cut off', async ({ apiInProcess, standIn }) => {
    standIn.fault('POST /v1/x', { body: '{', headers: { 'content-length': '99', connection: 'close' } })
    expect(await apiInProcess('-X', 'POST', '/x')).toMatchObject({ code: 6, stdout: '' })
  })
})

it('--verbose tells each request and no secret', async ({ api, sandbox, standIn }) => {
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
