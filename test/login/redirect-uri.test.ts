import { expect, it } from 'vitest'
import { isListenable, portOf, readRedirectUri, withPort } from '../../src/login/redirect-uri.ts'

const spotify = { accountsUrl: 'https://accounts.spotify.com' }

it.each(['http://127.0.0.1:3000/callback', 'http://[::1]:3000/callback', 'http://127.0.0.1/callback'])(
  'accepts %s',
  (text) => {
    expect(readRedirectUri(spotify, text).href).toBe(text)
  },
)

it.each([
  'http://192.168.0.1:3000/callback',
  'http://127.0.0.1.evil.example/callback',
  'http://user@127.0.0.1:3000/callback',
  'https://login.example/callback#a',
  'http://127.0.0.1:3000/callback?a=b',
  'http://127.0.0.1:3000/callback#a',
  'ftp://127.0.0.1/callback',
  'callback',
])('refuses %s', (text) => {
  expect(() => readRedirectUri(spotify, text)).toThrow(expect.objectContaining({ code: 'config' }))
})

it('accepts localhost where the accounts server is not Spotify', () => {
  const other = { accountsUrl: 'http://127.0.0.1:4000' }
  expect(readRedirectUri(other, 'http://localhost:3000/callback').href).toBe('http://localhost:3000/callback')
})

it('accepts an https: address, which cannot be listened on', () => {
  const url = readRedirectUri(spotify, 'https://login.example/callback')
  expect(isListenable(url)).toBe(false)
})

it('says what to register instead of localhost', () => {
  expect(() => readRedirectUri(spotify, 'http://localhost:3000/callback')).toThrow(
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

it.each([
  ['http://127.0.0.1:3000/callback', 3000],
  ['http://127.0.0.1:80/callback', 80],
  ['http://[::1]:4000', 4000],
  ['http://127.0.0.1/callback', undefined],
])('knows the port that %s names', (text, port) => {
  expect(portOf(text)).toBe(port)
})
