import { describe, expect, it } from 'vitest'
import { isFresh } from '../../src/session/credential.ts'

const hour = 3_600_000

describe('an access token', () => {
  it.for([
    ['with an hour left', hour, 60, true],
    ['with exactly the time asked for', 60_000, 60, true],
    ['with a moment less', 59_999, 60, false],
    ['that has ended', -1, 0, false],
    ['of a clock that is a minute ahead', hour + 60_000, 60, true],
    ['of a clock that is further ahead', hour + 60_001, 60, false],
  ] as const)('%s', ([, leftMs, minTtlSeconds, fresh]) => {
    const now = 1_790_000_000_000
    expect(isFresh({ expiresAtMs: now + leftMs }, now, minTtlSeconds)).toBe(fresh)
  })
})
