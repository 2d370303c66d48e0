import { expect } from 'vitest'
import { asked } from './asked.ts'
import { track } from './fixtures.ts'
import { runInProcess } from './in-process.ts'
import { it } from './logged-in.ts'
import { timesAsked } from './now-playing.ts'
import { refused, success } from './outcome.ts'
import { copyLogin } from './profiles.ts'
import { kitchen, laptop } from './stand-in-player.ts'

/** The request of a command that looks first at what is playing, and where. */
export const playerState = 'GET /v1/me/player?additional_types=track,episode'

/** Tests that a command to the player says what to do where Spotify refuses it. */
export function itSaysWhyThePlayerRefuses(...args: string[]): void {
  it('without an active device says what to do', async ({ sandbox, standIn }) => {
    standIn.player.devices = [laptop]
    expect(await runInProcess(sandbox, args)).toEqual({
      ...refused,
      stderr:
        'None of your devices is active.\nOpen Spotify on one of them, or wake one: spotify-auth play --device NAME\n',
    })
  })

  it('on a device that cannot be controlled says how to use another one', async ({ sandbox, standIn }) => {
    standIn.player.devices = [{ ...kitchen, is_restricted: true }]
    expect(await runInProcess(sandbox, args)).toEqual({
      ...refused,
      stderr:
        'This device cannot be controlled from here.\nMove to another one: spotify-auth play --device NAME\n',
    })
  })

  it('without Premium says so', async ({ sandbox, standIn }) => {
    standIn.player.premium = false
    expect(await runInProcess(sandbox, args)).toEqual({
      ...refused,
      stderr:
        'This needs Spotify Premium.\nSpotify lets programs control the player of Premium accounts only.\n',
    })
  })
}

/** What a login adds for a scope: all that the commands of its purpose need. */
function wordOf(scope: string): string {
  if (/library|playlist-/.test(scope)) return 'library'
  if (/recently|top/.test(scope)) return 'history'
  return scope.endsWith('-playback-state') ? 'player' : 'now-playing'
}

/** What a command says that lacks this scope. */
export function missingScope(scope: string) {
  const word = wordOf(scope)
  return {
    ...refused,
    stderr: `This needs the scope ${scope}, which was not granted.\nRun: spotify-auth login --scope +${word}\n`,
  }
}

/** The scopes of the player: to look, and to command. */
export const readScope = 'user-read-playback-state'
export const controlScope = 'user-modify-playback-state'

/** Tests that this command line needs this scope. */
export function itNeedsScope(scope: string, ...args: string[]): void {
  it(`${args.join(' ')}: names the login that adds ${scope}, without a request`, async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, { scopes: ['user-read-currently-playing'] })
    expect(await runInProcess(sandbox, args)).toEqual(missingScope(scope))
    expect(standIn.requests).toEqual([])
  })
}

/** Tests that this command line says how to start where nothing plays. */
export function itNeedsSomethingThatPlays(...args: string[]): void {
  it(`${args.join(' ')}: says how to start while nothing plays, with the profile`, async ({
    sandbox,
    standIn,
  }) => {
    standIn.playback = undefined
    const message = 'Nothing is playing on any of your devices.\nStart something: spotify-auth play'
    expect(await runInProcess(sandbox, args)).toEqual({ ...refused, stderr: `${message}\n` })
    copyLogin(sandbox, 'work')
    expect(await runInProcess(sandbox, [...args, '--profile', 'work'])).toEqual({
      ...refused,
      stderr: `${message} --profile work\n`,
    })
  })
}

/** Tests that the bars do not go on showing what was playing before this command. */
export function itMakesNowPlayingAskAgain(...args: string[]): void {
  it('makes now-playing ask again instead of answering from its cache', async ({ sandbox, standIn }) => {
    standIn.playback = track
    const nowPlaying = () => runInProcess(sandbox, ['now-playing', '--max-age', '3600'])
    await nowPlaying()
    standIn.playback = { ...track, item: { ...track.item, name: 'Menuet' } }
    expect(await nowPlaying()).toMatchObject({ stdout: expect.stringContaining('Clair de lune') })
    expect(await runInProcess(sandbox, args)).toEqual(success)
    expect(await nowPlaying()).toMatchObject({ stdout: expect.stringContaining('Menuet') })
  })
}

/** Tests that the bars show what this command has made of the playback, without a request. */
export function itChangesWhatNowPlayingKnows(args: string[], expected: object): void {
  it('changes what now-playing answers from its cache', async ({ sandbox, standIn }) => {
    standIn.playback = track
    const nowPlaying = async () =>
      JSON.parse((await runInProcess(sandbox, ['now-playing', '--max-age', '3600', '--json'])).stdout)
    const before = await nowPlaying()
    expect(await runInProcess(sandbox, args)).toEqual(success)
    const after = await nowPlaying()
    expect(after).toMatchObject({ ...before, ...expected, progress_ms: expect.any(Number) })
    expect(timesAsked(standIn)).toBe(1)
  })
}

/** Tests that a command is this one request, and prints nothing. */
export function itIsOneSilentRequest(command: string, request: string): void {
  it('is one request, and silent', async ({ sandbox, standIn }) => {
    standIn.playback = track
    expect(await sandbox.run([command])).toEqual(success)
    expect(asked(standIn)).toEqual([request])
    // Spotify answers 411 to one that does not say that it is empty.
    expect(standIn.requests[0]?.headers).toMatchObject({ 'content-length': '0' })
  })
}

/** Tests that a command says so where Spotify has nothing to skip to. */
export function itSaysThatThereIsNothingMore(command: string, reason: string, stderr: string): void {
  it('at the end says so', async ({ sandbox, standIn }) => {
    standIn.fault(`POST /v1/me/player/${command}`, {
      status: 403,
      body: { error: { status: 403, message: 'Player command failed', reason } },
    })
    expect(await runInProcess(sandbox, [command])).toEqual({ ...refused, stderr })
  })
}
