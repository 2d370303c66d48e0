import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { pausedTrack, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { player, timesAsked } from '../support/now-playing.ts'
import { misused, success } from '../support/outcome.ts'
import { controlScope, itNeedsScope } from '../support/player-command.ts'
import { laptop } from '../support/stand-in-player.ts'

const look = `${player}?additional_types=track,episode`
const pause = 'PUT /v1/me/player/pause'
const play = 'PUT /v1/me/player/play'

describe.concurrent('toggle', () => {
  it('pauses what plays, and goes on with what is paused', async ({ sandbox, standIn }) => {
    standIn.playback = track
    expect(await sandbox.run(['toggle'])).toEqual(success)
    expect(standIn.playback).toEqual({ ...track, is_playing: false })
    expect(await runInProcess(sandbox, ['toggle'])).toEqual(success)
    expect(standIn.playback).toEqual(track)
    expect(asked(standIn)).toEqual([look, pause, look, play])
  })

  it('where nothing plays goes on with what there was', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['toggle'])).toEqual(success)
    expect(asked(standIn)).toEqual([look, play])
  })

  it('wakes the only device, as play does', async ({ sandbox, standIn }) => {
    standIn.player.devices = [laptop]
    expect(await runInProcess(sandbox, ['toggle'])).toEqual(success)
    expect(asked(standIn)).toEqual([
      look,
      play,
      'GET /v1/me/player/devices',
      `${play}?device_id=${laptop.id}`,
    ])
  })

  it('is done where somebody else has paused in between', async ({ sandbox, standIn }) => {
    standIn.playback = pausedTrack
    standIn.fault(player, { status: 200, body: track })
    expect(await runInProcess(sandbox, ['toggle'])).toEqual(success)
  })

  it.for([
    [track, { playing: false, state: 'paused' }],
    [pausedTrack, { playing: true, state: 'playing' }],
  ] as const)(
    'changes what now-playing answers from its cache',
    async ([playback, expected], { sandbox, standIn }) => {
      standIn.playback = playback
      const nowPlaying = async () =>
        JSON.parse((await runInProcess(sandbox, ['now-playing', '--max-age', '3600', '--json'])).stdout)
      const before = await nowPlaying()
      await runInProcess(sandbox, ['toggle'])
      const after = await nowPlaying()
      expect(after).toMatchObject({ ...before, ...expected, progress_ms: expect.any(Number) })
      // It goes on from where it was, and has not moved on while it was paused.
      expect(after.progress_ms - before.progress_ms).toBeGreaterThanOrEqual(0)
      expect(after.progress_ms - before.progress_ms).toBeLessThanOrEqual(
        Date.now() - before.fetched_at * 1000,
      )
      // Once by itself, once by toggle.
      expect(timesAsked(standIn)).toBe(2)
    },
  )

  it('takes no argument', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['toggle'])).toEqual(success)
    expect(await runInProcess(sandbox, ['toggle', 'it'])).toMatchObject({ code: misused.code })
    expect(standIn.requests).toHaveLength(2)
  })

  itNeedsScope(controlScope, 'toggle')
})
