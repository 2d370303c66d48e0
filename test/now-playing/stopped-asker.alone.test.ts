import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { holdLock } from '../support/hold-lock.ts'

const player = 'GET /v1/me/player/currently-playing'
const bar = ['now-playing', '--max-age', '60', '--format', '{title}']

describe('while whoever was to ask for all is stopped', () => {
  it('each command asks Spotify itself after a second, and shares the answer', async ({
    sandbox,
    standIn,
  }) => {
    standIn.playback = track
    await sandbox.logIn(standIn)
    const letGo = await holdLock(sandbox, path.join(sandbox.home, 'cache', 'default.json.lock'))
    const startedAt = Date.now()
    const outcomes = await Promise.all([sandbox.run(bar), sandbox.run(bar)])
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ code: 0, stdout: 'Clair de lune\n', stderr: '' })
    expect(Date.now() - startedAt).toBeLessThan(3_000)
    const asked = standIn.requestsTo(player).length
    expect(asked).toBeLessThanOrEqual(2)
    expect(await sandbox.run(bar)).toMatchObject({ code: 0, stdout: 'Clair de lune\n' })
    expect(standIn.requestsTo(player)).toHaveLength(asked)
    letGo()
  })
})
