import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { ad, localFile, pausedTrack, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack } from '../support/now-playing.ts'
import { success } from '../support/outcome.ts'
import { waitFor } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'

const contains = 'GET /v1/me/library/contains'
const bar = ['now-playing', '--max-age', '0', '--format', '[{liked}] {title}']

function timesAskedWhetherLiked(standIn: StandIn): number {
  return standIn.requestsTo(contains).length
}

function like(standIn: StandIn, uri = track.item.uri): void {
  standIn.library.saved.add(uri)
}

describe.concurrent('{liked}', () => {
  it.beforeEach(hearATrack)

  it('is a heart for a track in the library, and asked once', async ({ sandbox, standIn }) => {
    like(standIn)
    const shown = { ...success, stdout: '[♥] Clair de lune\n' }
    expect(await runInProcess(sandbox, bar)).toEqual(shown)
    expect(await runInProcess(sandbox, bar)).toEqual(shown)
    expect(standIn.requestsTo(contains).map(({ query }) => [...query])).toEqual([[['uris', track.item.uri]]])
  })

  it('is empty for any other track, which is asked about as well', async ({ sandbox, standIn }) => {
    like(standIn)
    await runInProcess(sandbox, bar)
    standIn.playback = { ...track, item: { ...track.item, uri: 'spotify:track:5pWnHb2XcLq7Zt0yRd3KsM' } }
    expect(await runInProcess(sandbox, bar)).toEqual({ ...success, stdout: '[] Clair de lune\n' })
    expect(timesAskedWhetherLiked(standIn)).toBe(2)
  })

  it.for([
    ['an advertisement', ad, '[] Advertisement\n'],
    ['a local file', localFile, '[] Der Leiermann\n'],
    ['nothing', undefined, ''],
  ] as const)('is not asked of %s', async ([, playback, stdout], { sandbox, standIn }) => {
    standIn.playback = playback
    expect(await runInProcess(sandbox, bar)).toEqual({ ...success, stdout })
    expect(timesAskedWhetherLiked(standIn)).toBe(0)
  })

  it('is not asked where no template names it', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, ['now-playing', '--format', '{title} {{liked}'])
    await runInProcess(sandbox, ['now-playing', '--waybar'])
    expect(timesAskedWhetherLiked(standIn)).toBe(0)
  })

  it('shows in waybar, too', async ({ sandbox, standIn }) => {
    like(standIn)
    const { stdout } = await runInProcess(sandbox, ['now-playing', '--waybar', '--format', '{title} {liked}'])
    expect(JSON.parse(stdout)).toMatchObject({ text: 'Clair de lune ♥' })
  })

  it('is empty without the scope, without a request or an error', async ({ sandbox, standIn }) => {
    like(standIn)
    await sandbox.logIn(standIn, { scopes: ['user-read-currently-playing'] })
    expect(await runInProcess(sandbox, bar)).toEqual({ ...success, stdout: '[] Clair de lune\n' })
    expect(timesAskedWhetherLiked(standIn)).toBe(0)
  })

  it('is empty where Spotify fails, which is not asked again at once', async ({ sandbox, standIn }) => {
    like(standIn)
    const failure = { status: 503, body: '' }
    standIn.fault(contains, failure, failure)
    for (let run = 0; run < 3; run++) {
      expect(await runInProcess(sandbox, bar)).toEqual({ ...success, stdout: '[] Clair de lune\n' })
    }
    // One request and its repeat.
    expect(timesAskedWhetherLiked(standIn)).toBe(2)
  })

  it('is asked again with another login', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    await sandbox.logIn(standIn, { loginId: 'another' })
    like(standIn)
    expect(await runInProcess(sandbox, bar)).toEqual({ ...success, stdout: '[♥] Clair de lune\n' })
  })

  it('is in a private file beside what plays, which a logout removes', async ({ sandbox }) => {
    await runInProcess(sandbox, bar)
    const directory = path.join(sandbox.home, 'cache')
    const file = path.join(directory, 'default.json.liked')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ uri: track.item.uri, liked: false })
    await runInProcess(sandbox, ['logout'])
    expect(readdirSync(directory).filter((name) => !name.endsWith('.lock'))).toEqual([])
    expect(existsSync(file)).toBe(false)
  })

  it('is asked each time by a login that writes no files', async ({ sandbox, standIn }) => {
    like(standIn)
    const { refreshToken } = sandbox.readCredential()
    const env = { SPOTIFY_REFRESH_TOKEN: refreshToken, SPOTIFY_AUTH_HOME: path.join(sandbox.home, 'none') }
    expect(await runInProcess(sandbox, bar, { env })).toEqual({ ...success, stdout: '[♥] Clair de lune\n' })
    expect(existsSync(env.SPOTIFY_AUTH_HOME)).toBe(false)
  })

  it('is asked once by three watches, also where it is paused', async ({ sandbox, standIn }) => {
    like(standIn)
    standIn.playback = pausedTrack
    const args = ['now-playing', '--watch', '--format', '[{liked}] {state}']
    const watches = [1, 2, 3].map(() => sandbox.start(args))
    await waitFor(() => watches.every(({ stdout }) => stdout() === '[♥] paused\n'))
    expect(timesAskedWhetherLiked(standIn)).toBe(1)
  })

  it('does not keep a watch from showing a track while Spotify takes long', async ({ sandbox, standIn }) => {
    like(standIn)
    standIn.fault(contains, { delayMs: 2_000 })
    const { stdout } = sandbox.start(['now-playing', '--watch', '--format', '[{liked}] {title}'])
    await waitFor(() => stdout() === '[] Clair de lune\n')
    await waitFor(() => stdout() === '[] Clair de lune\n[♥] Clair de lune\n')
    expect(timesAskedWhetherLiked(standIn)).toBe(1)
  })
})
