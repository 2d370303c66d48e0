import { expect, it } from 'vitest'
import { judgePastedUrl } from '../../src/login/pasted-url.ts'

const expected = {
  redirectUri: new URL('http://127.0.0.1:3000/callback'),
  state: 'our-state',
  issuer: 'https://accounts.spotify.com',
}
const right = 'http://127.0.0.1:3000/callback?code=abc&state=our-state'

it.each([right, `  ${right}\r`, `${right}#_=_`])('takes %j', (text) => {
  expect(judgePastedUrl(text, expected)).toEqual({
    parameters: new URLSearchParams({ code: 'abc', state: 'our-state' }),
  })
})

it.each([
  ['a bare code', 'AQDkQ3WJ', 'That is not an address.'],
  ['nothing', '', 'That is not an address.'],
  ['parameters alone', 'code=abc&state=our-state', 'That is not an address.'],
  ['another path', 'http://127.0.0.1:3000/?code=abc&state=our-state', 'That is another address.'],
  [
    'another host',
    'http://127.0.0.1.evil.example:3000/callback?code=abc&state=our-state',
    'That is another address.',
  ],
  ['the authorize URL', 'https://accounts.spotify.com/authorize?state=our-state', 'That is another address.'],
  [
    'another state',
    'http://127.0.0.1:3000/callback?code=abc&state=theirs',
    'That address is not of this login',
  ],
  ['half of it', 'http://127.0.0.1:3000/callback?code=abc', 'That address is not of this login'],
  ['another issuer', `${right}&iss=https%3A%2F%2Fevil.example`, 'That address is not of this login'],
])('refuses %s and repeats nothing of it', (_, text, problem) => {
  const verdict = judgePastedUrl(text, expected)
  expect(verdict).toEqual({ problem: expect.stringContaining(problem) })
  expect(JSON.stringify(verdict)).not.toContain('abc')
})
