import net from 'node:net'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { visit } from '../support/visit.ts'

/** Sends bytes to the listener and returns what it answers until it closes, or nothing within a second. */
function throwAt(port: number, bytes: string, keepOpen: net.Socket[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.setTimeout(1_000, () => resolve(answer))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => resolve(answer)).on('close', () => resolve(answer))
    keepOpen.push(socket)
  })
}

it('200 hostile requests change nothing: the right callback succeeds, in one exchange, and the program ends', async ({
  sandbox,
  standIn,
}) => {
  const login = await sandbox.beginLogin()
  const callback = await login.answer('agree')
  const { host, port, search } = new URL(callback)
  const right = `/callback${search}`
  const methods = [
    'POST',
    'PUT',
    'HEAD',
    'OPTIONS',
    'DELETE',
    'PATCH',
    'TRACE',
    'PROPFIND',
    'CONNECT',
    'BREW',
  ]
  const targets = [
    '/',
    '/favicon.ico',
    '/callback/',
    '//callback',
    '/%63allback',
    '/callback/..',
    '/CALLBACK',
    '*',
    `http://${host}/callback`,
    '/callback;x',
  ]
  const parameters = [
    '',
    '?',
    '?code=',
    '?state=',
    '?code=x&state=y',
    `${search}&state=z`,
    `${search}&code=z`,
    `${search}&iss=x`,
    `${search}&error=x`,
    '?error=access_denied',
  ]
  const headers = [
    'Origin: https://evil.example',
    'Sec-Purpose: prefetch',
    'Purpose: prefetch',
    'Sec-Fetch-Mode: cors',
    'Sec-Fetch-Dest: image',
    'Sec-Fetch-Mode: no-cors',
    'Sec-Fetch-Dest: iframe',
    'Sec-Purpose: prefetch;prerender',
    'Origin: null',
    'Sec-Fetch-Dest: script',
  ]
  const hosts = [
    'evil.example',
    'localhost',
    `localhost:${port}`,
    '127.0.0.1',
    `127.0.0.1:1`,
    `127.0.0.1.evil.example:${port}`,
    '',
    `[::1]:${port}`,
    `${host}.`,
    `x@${host}`,
  ]
  const broken = [
    'GET',
    `GET ${right}`,
    `GET ${right} HTTP/1.1\r\n`,
    `GET ${right} HTTP/1.1\r\nHost: ${host}`,
    `GET ${right} HTTP/9.9\r\nHost: ${host}\r\n\r\n`,
    `GET ${right} HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
    `GET /callback?${'x'.repeat(100_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `POST ${right} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000000\r\n\r\nx`,
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    '\0'.repeat(1_000),
  ]
  const head = `Host: ${host}\r\nConnection: close\r\n`
  const kinds = [
    ...methods.map((method) => `${method} ${right} HTTP/1.1\r\n${head}\r\n`),
    ...targets.map((target) => `GET ${target}${search} HTTP/1.1\r\n${head}\r\n`),
    ...parameters.map((query) => `GET /callback${query} HTTP/1.1\r\n${head}\r\n`),
    ...headers.map((header) => `GET ${right} HTTP/1.1\r\n${head}${header}\r\n\r\n`),
    ...hosts.map((name) => `GET ${right} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`),
    ...broken,
  ]
  const silent = Array.from({ length: 200 - 3 * kinds.length }, () => '')
  const attacks = [...kinds, ...kinds, ...kinds, ...silent]
  expect(attacks).toHaveLength(200)

  const sockets: net.Socket[] = []
  const answers = await Promise.all(attacks.map((bytes) => throwAt(Number(port), bytes, sockets)))
  const statuses = answers.map((answer) => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none')
  expect(new Set(statuses)).toEqual(new Set(['none', '400', '403', '404', '405', '421', '431']))
  expect(standIn.requestsTo('POST /api/token')).toEqual([])
  expect(sockets.some((socket) => !socket.destroyed)).toBe(true)

  expect(await visit(callback)).toMatchObject({ status: 200, text: expect.stringContaining('All set!') })
  const shownAt = Date.now()
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(Date.now() - shownAt).toBeLessThan(1_000)
  expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  for (const socket of sockets) socket.destroy()
})
