import { expect, it } from 'vitest'
import { readRedirectUri, withPort } from '../../src/login/redirect-uri.ts'

it.each(['http://127.0.0.1:3000/callback', 'http://[::1]:3000/callback', 'http://127.0.0.1/callback'])(
  'accepts %s',
  (text) => {
    expect(readRedirectUri(text).href).toBe(text)
  },
)

it.each([
  'http://192.168.0.1:3000/callback',
  'http://127.0.0.1.evil.example/callback',
  'http://user@127.0.0.1:3000/callback',
  'http://127.0.0.1:3000/callback?a=b',
  'http://127.0.0.1:3000/callback#a',
  'ftp://127.0.0.1/callback',
  'callback',
])('refuses %s', (text) => {
  expect(() => readRedirectUri(text)).toThrow(expect.objectContaining({ code: 'config' }))
})

it('says what to register instead of localhost', () => {
  expect(() => readRedirectUri('http://localhost:3000/callback')).toThrow(
    expect.objectContaining({
      code: 'config',
      hint: expect.stringContaining('Register http://127.0.0.1:3000/callback in'),
    }),
  )
})

it.each([
  ['http://127.0.0.1/callback', 'http://127.0.0.1:4000/callback'],
  ['http://127.0.0.1:3000/callback', 'http://127.0.0.1:4000/callback'],
  ['http://[::1]:3000/callback', 'http://[::1]:4000/callback'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:4000'],
])('moves %s to another port letter by letter', (text, moved) => {
  expect(withPort(text, 4000)).toBe(moved)
})
