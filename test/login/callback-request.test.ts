import { describe, expect, it } from 'vitest'
import { judgeRequest } from '../../src/login/callback-request.ts'

const expected = {
  redirectUri: new URL('http://127.0.0.1:3000/callback'),
  state: 'our-state',
  issuer: 'https://accounts.spotify.com',
}

const links = { shown: '/b64-128-bits', opened: '/other-128-bits' }

function judge(
  url: string,
  { method = 'GET', ...more }: Record<string, string> = {},
  hosts = [more.host ?? '127.0.0.1:3000'],
) {
  const headers = { ...more, host: hosts[0] }
  const verdict = judgeRequest({ method, url, headers, headersDistinct: { host: hosts } }, expected, links)
  if ('parameters' in verdict) return Object.fromEntries(verdict.parameters)
  return 'status' in verdict ? verdict.status : verdict.link
}

const right = '/callback?code=abc&state=our-state'

describe('is ours', () => {
  it.each([
    ['a code with our state', right, { code: 'abc', state: 'our-state' }],
    [
      'a denial with our state',
      '/callback?error=access_denied&state=our-state',
      { error: 'access_denied', state: 'our-state' },
    ],
    [
      'a code with our state and our issuer',
      `${right}&iss=https%3A%2F%2Faccounts.spotify.com`,
      { code: 'abc', state: 'our-state', iss: 'https://accounts.spotify.com' },
    ],
  ])('%s', (_, url, parameters) => {
    expect(judge(url)).toEqual(parameters)
  })

  it('a navigation as browsers mark it', () => {
    const headers = {
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-site': 'cross-site',
    }
    expect(judge(right, headers)).toEqual({ code: 'abc', state: 'our-state' })
  })
})

describe('is turned away', () => {
  it.each([
    ['another state', '/callback?code=abc&state=theirs', 400],
    ['our state in capitals', '/callback?code=abc&state=OUR-STATE', 400],
    ['half of our state', '/callback?code=abc&state=our', 400],
    ['an issuer that begins like ours', `${right}&iss=https%3A%2F%2Faccounts.spotify.com.evil.example`, 400],
    ['no state', '/callback?code=abc', 400],
    ['an empty state', '/callback?code=abc&state=', 400],
    ['our state twice', `${right}&state=our-state`, 400],
    ['no code', '/callback?state=our-state', 400],
    ['an empty code', '/callback?code=&state=our-state', 400],
    ['two codes', `${right}&code=def`, 400],
    ['a code and an error', `${right}&error=access_denied`, 400],
    ['an empty error', '/callback?error=&state=our-state', 400],
    ['an error without our state', '/callback?error=access_denied', 400],
    ['another issuer', `${right}&iss=https%3A%2F%2Fevil.example`, 400],
    ['an empty issuer', `${right}&iss=`, 400],
    ['no query', '/callback', 400],
    ['the favicon', '/favicon.ico?code=abc&state=our-state', 404],
    ['a slash more', '/callback/?code=abc&state=our-state', 404],
    ['a slash before', `/${right}`, 404],
    ['an absolute target', `http://127.0.0.1:3000${right}`, 404],
    ['an encoded path', '/%63allback?code=abc&state=our-state', 404],
  ])('%s', (_, url, status) => {
    expect(judge(url)).toBe(status)
  })

  it.each([
    ['POST', { method: 'POST' }, 405],
    ['HEAD', { method: 'HEAD' }, 405],
    ['OPTIONS', { method: 'OPTIONS' }, 405],
    ['a foreign host', { host: 'evil.example:3000' }, 421],
    ['localhost', { host: 'localhost:3000' }, 421],
    ['another port', { host: '127.0.0.1:3001' }, 421],
    ['an origin', { origin: 'https://evil.example' }, 403],
    ['a prefetch', { 'sec-purpose': 'prefetch' }, 403],
    ['a preview', { purpose: 'preview' }, 403],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 403],
  ])('%s with a valid query', (_, headers, status) => {
    expect(judge(right, headers)).toBe(status)
  })

  it('two hosts, whichever comes first', () => {
    expect(judge(right, {}, ['127.0.0.1:3000', 'evil.example'])).toBe(400)
    expect(judge(right, {}, ['127.0.0.1:3000', '127.0.0.1:3000'])).toBe(400)
  })
})

describe('the links', () => {
  it('are told apart', () => {
    expect(judge('/b64-128-bits')).toBe('shown')
    expect(judge('/other-128-bits')).toBe('opened')
  })

  it.each([
    ['a guess', '/b64-128-bit', {}, 404],
    ['the root', '/', {}, 404],
    ['a script', '/b64-128-bits', { 'sec-fetch-mode': 'cors' }, 403],
    ['a foreign host', '/b64-128-bits', { host: 'evil.example' }, 421],
    ['a POST', '/b64-128-bits', { method: 'POST' }, 405],
  ])('tells %s nothing', (_, url, headers, status) => {
    expect(judge(url, headers as Record<string, string>)).toBe(status)
  })
})
