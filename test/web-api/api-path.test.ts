import { expect, it } from 'vitest'
import { apiPath } from '../../src/web-api/api-path.ts'

const api = 'https://api.spotify.com/v1'

it.each([
  ['/me', '/me'],
  ['me', '/me'],
  ['/v1/me', '/me'],
  ['v1/me', '/me'],
  ['https://api.spotify.com/v1/me', '/me'],
  ['HTTPS://API.SPOTIFY.COM:443/v1/me', '/me'],
  ['/v10/me', '/v10/me'],
  ['', '/'],
  ['/me/', '/me/'],
  ['/me/../albums/./x', '/albums/x'],
  ['/search?q=artist:ada%26co&type=track', '/search?q=artist:ada%26co&type=track'],
  ['search?q=https://evil.example/', '/search?q=https://evil.example/'],
  ['/search?q=坂本 みどり', '/search?q=%E5%9D%82%E6%9C%AC%20%E3%81%BF%E3%81%A9%E3%82%8A'],
  ['/users/ada%2Flovelace', '/users/ada%2Flovelace'],
  ['/me#top', '/me'],
  ['/me//tracks', '/me//tracks'],
  ['@evil.example/me', '/@evil.example/me'],
  [':8080/me', '/:8080/me'],
])('%j leads to %j', (text, path) => {
  expect(apiPath(api, text)).toBe(path)
})

it.each([
  '//evil.example/v1/me',
  '//api.spotify.com/v1/me',
  '///evil.example',
  '\\\\evil.example\\v1',
  '/\\evil.example/v1',
  '/..\\..\\x',
  'https:\\\\evil.example\\v1\\me',
  'https://evil.example/v1/me',
  'https://api.spotify.com@evil.example/v1/me',
  'https://api.spotify.com:443@evil.example/v1/me',
  'https://ada@api.spotify.com/v1/me',
  'https://ada:secret@api.spotify.com/v1/me',
  'https://:secret@api.spotify.com/v1/me',
  'https://api.spotify.com.evil.example/v1/me',
  'https://api.spotify.com./v1/me',
  'https://api.spotify.com:8443/v1/me',
  'https://accounts.spotify.com/v1/me',
  'http://api.spotify.com/v1/me',
  'wss://api.spotify.com/v1/me',
  'file:///v1/me',
  'javascript:alert(1)',
  'data:text/plain,v1',
  'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP',
  'https://api.spotify.com/me',
  'https://api.spotify.com/v10/me',
  'https://api.spotify.com/v1',
  'https://',
  '/../me',
  '/v1/../me',
  'https://api.spotify.com/v1/../me',
  '/../../x',
  '/%2e%2e/x',
  '/%2E./x',
  '/me/%2e%2e/.%2e/x',
  '/.\t./x',
  '/.\n./x',
])('%j leads nowhere', (text) => {
  expect(apiPath(api, text)).toBeUndefined()
})

it.each([
  ['http://127.0.0.1:49152/v1', 'http://127.0.0.1:49152/v1/me?a=b', '/me?a=b'],
  ['http://127.0.0.1:49152/v1', 'http://127.0.0.1:49153/v1/me', undefined],
  ['http://127.0.0.1:49152/v1', 'http://localhost:49152/v1/me', undefined],
  ['http://[::1]:49152', 'http://[::1]:49152/me', '/me'],
  ['https://proxy.example/spotify/v1', '/spotify/v1/me', '/me'],
  ['https://proxy.example/spotify/v1', 'https://proxy.example/other/me', undefined],
])('below %s, %s leads to %j', (apiUrl, text, path) => {
  expect(apiPath(apiUrl, text)).toBe(path)
})

/** With the API on a port of this machine, and somebody else on another. */
const filled = (text: string) => text.replace('OURS', '127.0.0.1:49152').replace('OTHER', '127.0.0.1:49153')

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
])('%j leads nowhere on loopback', (text) => {
  expect(apiPath('http://127.0.0.1:49152/v1', filled(text))).toBeUndefined()
})

it.each([
  ['@OTHER/v1/me', '/@127.0.0.1:49153/v1/me'],
  [':80@OTHER/v1/me', '/:80@127.0.0.1:49153/v1/me'],
  ['.OTHER/v1/me', '/.127.0.0.1:49153/v1/me'],
  ['/\tOTHER/me', '/127.0.0.1:49153/me'],
  ['OTHER/v1/me', '/127.0.0.1:49153/v1/me'],
])('%j is a path of the API on loopback', (text, path) => {
  expect(apiPath('http://127.0.0.1:49152/v1', filled(text))).toBe(path)
})
