import { describe, expect, it } from 'vitest'
import { authorizationEndsAtMs, type Credential, withTokens } from '../../src/session/credential.ts'
import { parseCredential, serializeCredential } from '../../src/session/credential-text.ts'

const credential: Credential = {
  clientId: 'client',
  clientSecret: 'secret',
  accessToken: 'access',
  expiresAtMs: 2_000_000_000_000,
  refreshToken: 'refresh',
  scopes: ['a', 'b'],
  authorizedAtMs: 1_999_996_400_000,
  user: { id: 'ada', displayName: 'Ada Lovelace' },
}

it('reads back what it wrote', () => {
  expect(parseCredential(serializeCredential(credential))).toEqual(credential)
})

it.for([
  ['an array', '[]'],
  ['null', 'null'],
  ['another version', '{"version":2}'],
  ['a token that is a number', serializeCredential(credential).replace('"access"', '5')],
  ['a token that is missing', serializeCredential(credential).replace('refresh_token', 'x')],
  ['an instant that is a text', serializeCredential(credential).replace('2000000000', '"soon"')],
] as const)('refuses %s', ([, text]) => {
  expect(() => parseCredential(text)).toThrow(TypeError)
})

describe('with the tokens of a refresh', () => {
  const answer = { accessToken: 'new', expiresInSeconds: 3600, refreshToken: undefined, scopes: undefined }

  it('keeps the refresh token when the answer has none', () => {
    expect(withTokens(credential, answer, 2_000_000_000_000)).toEqual({
      ...credential,
      accessToken: 'new',
      expiresAtMs: 2_000_003_600_000,
    })
  })

  it('takes the new refresh token and scope, and leaves the authorization where it was', () => {
    expect(withTokens(credential, { ...answer, refreshToken: 'rotated', scopes: ['a'] }, 0)).toEqual({
      ...credential,
      accessToken: 'new',
      expiresAtMs: 3_600_000,
      refreshToken: 'rotated',
      scopes: ['a'],
    })
  })
})

it.for([
  ['2026-03-10T12:00:00Z', '2026-09-10T12:00:00Z'],
  ['2026-08-31T12:00:00Z', '2027-02-28T12:00:00Z'],
  ['2026-11-20T00:00:00Z', '2027-05-20T00:00:00Z'],
] as const)('ends an authorization of %s six months later', ([from, to]) => {
  expect(authorizationEndsAtMs({ authorizedAtMs: Date.parse(from) })).toBe(Date.parse(to))
})
