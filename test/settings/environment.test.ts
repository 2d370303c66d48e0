import { describe, expect, it } from 'vitest'
import { createContext } from '../../src/context.ts'

function contextOf(env: Record<string, string>, platform = 'linux') {
  return createContext({ env, platform } as unknown as NodeJS.Process, {})
}

describe('home', () => {
  it.each([
    [{ SPOTIFY_AUTH_HOME: '/a', XDG_CONFIG_HOME: '/b', HOME: '/c' }, '/a'],
    [{ XDG_CONFIG_HOME: '/b', HOME: '/c' }, '/b/spotify-auth'],
    [{ XDG_CONFIG_HOME: 'b', HOME: '/c' }, '/c/.spotify-auth'],
    [{ HOME: '/c' }, '/c/.spotify-auth'],
  ])('of %o is %s', (env, home) => {
    expect(contextOf(env as Record<string, string>).home).toBe(home)
  })

  it.each([{}, { HOME: '' }, { HOME: 'c' }, { SPOTIFY_AUTH_HOME: 'a', HOME: '/c' }])(
    'of %o is an error',
    (env) => {
      expect(() => contextOf(env as Record<string, string>).home).toThrow(
        expect.objectContaining({ code: 'config' }),
      )
    },
  )
})

describe('servers', () => {
  it('are Spotify unless told otherwise', () => {
    const { accountsUrl, apiUrl } = contextOf({})
    expect([accountsUrl, apiUrl]).toEqual(['https://accounts.spotify.com', 'https://api.spotify.com/v1'])
  })

  it.each(['http://127.0.0.1:4000', 'http://[::1]:4000', 'https://accounts.example'])('may be %s', (url) => {
    expect(contextOf({ SPOTIFY_ACCOUNTS_URL: `${url}/` }).accountsUrl).toBe(url)
  })

  it.each([
    'http://accounts.example',
    'http://localhost:4000',
    'http://127.0.0.1.evil.example',
    'https://user:password@accounts.example',
    'https://accounts.example/?a=b',
    'ftp://127.0.0.1',
    'nonsense',
  ])('may not be %s', (url) => {
    expect(() => contextOf({ SPOTIFY_ACCOUNTS_URL: url }).accountsUrl).toThrow(
      expect.objectContaining({ code: 'config' }),
    )
  })
})

describe('profile', () => {
  it.each(['work', 'a.b_c-D', 'x'.repeat(64)])('may be %s', (name) => {
    expect(contextOf({ SPOTIFY_AUTH_PROFILE: name }).profile).toBe(name)
  })

  it.each(['.hidden', '../x', 'a/b', 'x'.repeat(65), 'ö', 'a b'])('may not be %s', (name) => {
    expect(() => contextOf({ SPOTIFY_AUTH_PROFILE: name }).profile).toThrow(
      expect.objectContaining({ code: 'usage' }),
    )
  })
})
