import { describe, expect } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { ad, episode, localFile, track, unknownItem } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'

describe.concurrent('now-playing', () => {
  it.for([
    ['a track', track, 'Marisol Vantreight, Claude Debussy - Clair de lune\n'],
    ['an episode', episode, 'The Logbook Hour - A Light off the Azores\n'],
    ['an ad', ad, 'Advertisement\n'],
    ['a local file', localFile, 'The Winter Quartet - Der Leiermann\n'],
    ['an unknown item', unknownItem, 'Unknown title\n'],
    ['nothing', undefined, ''],
  ] as const)('prints one line for %s', async ([what, playback, stdout], { sandbox, standIn }) => {
    standIn.playback = playback
    const line = ['now-playing']
    const outcome = what === 'a track' ? sandbox.run(line) : runInProcess(sandbox, line)
    expect(await outcome).toEqual({ code: 0, signal: null, stdout, stderr: '' })
  })

  it('prints JSON, also for nothing', async ({ sandbox, standIn }) => {
    standIn.playback = track
    expect(JSON.parse((await runInProcess(sandbox, ['now-playing', '--json'])).stdout)).toMatchObject({
      title: 'Clair de lune',
    })
    standIn.playback = undefined
    expect((await runInProcess(sandbox, ['now-playing', '--json'])).stdout).toBe('{"playing":false}\n')
  })

  it('renews a token that Spotify no longer takes, once, and asks again', async ({ sandbox, standIn }) => {
    standIn.playback = track
    await sandbox.logIn(standIn, { accessToken: 'revoked' })
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Clair de lune'),
    })
    expect(standIn.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', '/v1/me/player/currently-playing', 401],
      ['POST', '/api/token', 200],
      ['GET', '/v1/me/player/currently-playing', 200],
    ])
  })

  it('gives up after the second 401', async ({ sandbox, standIn }) => {
    const refusal = { status: 401, body: { error: { status: 401, message: 'Invalid access token' } } }
    standIn.fault('GET /v1/me/player/currently-playing', refusal, refusal)
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 4 })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(standIn.requestsTo('GET /v1/me/player/currently-playing')).toHaveLength(2)
  })

  it.for([
    [
      'a missing scope',
      { status: 403, body: { error: { status: 403, message: 'Insufficient client scope' } } },
      5,
      'missing_scope',
    ],
    [
      'a plain-text refusal',
      { status: 403, body: 'Active premium subscription required for the owner of the app' },
      5,
      'forbidden',
    ],
    ['too many requests', { status: 429, headers: { 'retry-after': '86400' }, body: '' }, 6, 'rate_limited'],
    ['a server that is down', { status: 502, body: '<html>bad gateway</html>' }, 6, 'unavailable'],
    ['a page instead of JSON', { status: 200, body: '<html>portal</html>' }, 6, 'unavailable'],
    ['a dropped connection', { reset: true }, 6, 'network'],
  ] as const)('says what is wrong after %s', async ([, fault, code, errorCode], { sandbox, standIn }) => {
    standIn.fault('GET /v1/me/player/currently-playing', fault)
    const outcome = await runInProcess(sandbox, ['now-playing', '--json'])
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(JSON.parse(outcome.stderr).error).toMatchObject({ code: errorCode, message: expect.any(String) })
  })

  it('names the scope that it lacks and the login that adds it, without a request', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, { scopes: ['streaming'] })
    expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('Run: spotify-auth login --scope +now-playing\n'),
    })
    expect(standIn.requests).toEqual([])
  })

  it('says nothing secret with --verbose', async ({ sandbox, standIn }) => {
    standIn.playback = track
    const { refreshToken } = await sandbox.logIn(standIn, { accessToken: 'revoked' })
    const { stderr } = await sandbox.run(['now-playing', '--verbose'])
    expect(stderr.match(/^(GET|POST) \S+ \d+ \d+ ms$/gm)).toHaveLength(3)
    expect(stderr.trim().split('\n')).toHaveLength(3)
    expect(stderr).not.toContain('?')
    expect(stderr).not.toContain(sandbox.readCredential().accessToken)
    expect(stderr).not.toContain(refreshToken)
  })
})
