import { describe, expect, it } from 'vitest'
import { readScopes } from '../../src/oauth/scopes.ts'
import { scopes } from '../support/cast.ts'

it('reads scopes separated by commas or spaces, each once', () => {
  expect(readScopes(['streaming,user-read-private', ' user-top-read  streaming '])).toEqual([
    'streaming',
    'user-read-private',
    'user-top-read',
  ])
})

it('reads sets by purpose', () => {
  expect(readScopes(['now-playing'])).toEqual(['user-read-currently-playing'])
  expect(readScopes(['player,user-read-currently-playing'])).toEqual([
    'user-read-currently-playing',
    'user-read-playback-state',
    'user-modify-playback-state',
  ])
  expect(readScopes(['library,history'])).toEqual([
    'user-library-read',
    'user-library-modify',
    'playlist-read-private',
    'playlist-read-collaborative',
    'playlist-modify-private',
    'playlist-modify-public',
    'user-read-recently-played',
    'user-top-read',
  ])
  expect(readScopes(['all']).toSorted()).toEqual(scopes.toSorted())
})

describe('a plus', () => {
  it('adds to what is granted already', () => {
    expect(readScopes(['+streaming'], ['user-top-read'])).toEqual(['user-top-read', 'streaming'])
  })

  it('missing means to start anew', () => {
    expect(readScopes(['streaming'], ['user-top-read'])).toEqual(['streaming'])
  })
})

it.each([
  ['user-read-currently-plying', 'user-read-currently-playing'],
  ['+user_top_read', 'user-top-read'],
  ['players', 'player'],
])('refuses %s and names the nearest, %s', (word, nearest) => {
  expect(() => readScopes([word])).toThrow(
    expect.objectContaining({ code: 'usage', hint: expect.stringContaining(`Did you mean ${nearest}?`) }),
  )
})
