import { describe, expect } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import type { Fault } from '../support/faults.ts'
import { it } from '../support/fixture.ts'
import { storages } from '../support/storages.ts'

interface Row {
  fault?: Fault
  rotation?: 'none' | 'grace' | 'strict'
  /** The error; none where a token is handed out. */
  error?: string
  /** The refresh token that is kept: the old one, one that the response brought, or of a refused one its hash. */
  keeps: 'the old one' | 'a new one' | 'its hash'
  ended?: true
}

const rows: Record<string, Row> = {
  'a response without a refresh token': { keeps: 'the old one' },
  'a response whose refresh token is null': {
    fault: { transform: (json) => ({ ...json, refresh_token: null }) },
    keeps: 'the old one',
  },
  'a response whose refresh token is empty': {
    fault: { transform: (json) => ({ ...json, refresh_token: '' }) },
    keeps: 'the old one',
  },
  'a new refresh token': { rotation: 'strict', keeps: 'a new one' },
  'a new refresh token without an access token': {
    rotation: 'strict',
    fault: { transform: ({ refresh_token }) => ({ refresh_token }) },
    error: 'unavailable',
    keeps: 'a new one',
  },
  invalid_grant: {
    fault: { status: 400, body: { error: 'invalid_grant' } },
    error: 'login_expired',
    keeps: 'its hash',
    ended: true,
  },
  invalid_client: {
    fault: { status: 401, body: { error: 'invalid_client' } },
    error: 'login_failed',
    keeps: 'the old one',
  },
  '503 with invalid_grant in its body': {
    fault: { status: 503, body: { error: 'invalid_grant' } },
    error: 'unavailable',
    keeps: 'the old one',
  },
  'HTML with 200': {
    fault: { body: '<h1>Log in to the Wi-Fi</h1>' },
    error: 'unavailable',
    keeps: 'the old one',
  },
  '429': { fault: { status: 429, body: '' }, error: 'rate_limited', keeps: 'the old one' },
  'a reset connection': { fault: { reset: true }, error: 'network', keeps: 'the old one' },
  'an access token that is a number': {
    fault: { transform: (json) => ({ ...json, access_token: 5 }) },
    error: 'unavailable',
    keeps: 'the old one',
  },
}

function whatIsKept(kept: { refreshToken: string }, before: { refreshToken: string }): Row['keeps'] {
  if (kept.refreshToken === before.refreshToken) return 'the old one'
  return kept.refreshToken.startsWith('sha256:') ? 'its hash' : 'a new one'
}

describe.each(Object.entries(storages))('a login in %s', (_, ask) => {
  it.for(Object.entries(rows))(
    'meets %s with one request, and keeps what is of use',
    async ([, row], { sandbox, standIn }) => {
      standIn.rotation = row.rotation ?? 'none'
      if (row.fault) standIn.fault('POST /api/token', row.fault)
      const { before, accessToken, error, kept } = await ask(sandbox, standIn)
      expect(refreshes(standIn)).toHaveLength(1)
      expect(error).toBe(row.error)
      if (!row.error) expect(accessToken).toMatch(/^(?!$)[\x21-\x7e]+$/)
      if (accessToken) expect(accessToken).not.toBe(before.accessToken)
      if (!kept) return
      expect(whatIsKept(kept, before)).toBe(row.keeps)
      expect(Boolean(kept.ended)).toBe(row.ended === true)
    },
  )
})
