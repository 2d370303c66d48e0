import { expect, it } from 'vitest'
import { readScope } from '../../src/oauth/scopes.ts'

it('reads scopes separated by commas or spaces, each once', () => {
  expect(readScope(['streaming,user-read-private', ' user-top-read  streaming '])).toEqual([
    'streaming',
    'user-read-private',
    'user-top-read',
  ])
})
