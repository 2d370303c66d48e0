import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { episode, suite, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, success } from '../support/outcome.ts'
import {
  controlScope,
  itNeedsScope,
  itSaysWhyThePlayerRefuses,
  missingScope,
  readScope,
} from '../support/player-command.ts'
import { hostile } from '../support/stand-in-catalogue.ts'

const { uri } = track.item

describe.concurrent('queue', () => {
  it('lists what comes next', async ({ sandbox, standIn }) => {
    standIn.player.queue = [track.item, episode.item, ...hostile.tracks]
    const [siren] = hostile.tracks
    expect(await sandbox.run(['queue'])).toEqual({
      ...success,
      stdout: [
        [uri, 'Clair de lune', 'Marisol Vantreight, Claude Debussy', 'Suite bergamasque'],
        [episode.item.uri, 'A Light off the Azores', 'The Logbook Hour', ''],
        [siren?.uri, 'Siren [31mRed Second Line', 'Ingrid Fyr', 'Sirens'],
      ]
        .map((cells) => `${cells.join('\t')}\n`)
        .join(''),
    })
    expect(asked(standIn)).toEqual(['GET /v1/me/player/queue'])
  })

  it('has the forms of the other lists', async ({ sandbox, standIn }) => {
    standIn.player.queue = [track.item, episode.item]
    expect(await runInProcess(sandbox, ['queue', '--ids', '--limit', '1'])).toEqual({
      ...success,
      stdout: `${uri}\n`,
    })
    const { stdout } = await runInProcess(sandbox, ['queue', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([{ uri }, { uri: episode.item.uri }])
  })

  it('says on standard error that nothing comes, and is an empty list for scripts', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['queue'])).toEqual({ ...success, stderr: 'Nothing comes next.\n' })
    expect(await runInProcess(sandbox, ['queue', '--json'])).toEqual({ ...success, stdout: '[]\n' })
  })

  it.for([
    [[uri], []],
    [[track.item.id], []],
    [[episode.item.uri], []],
    [['clair', 'lune'], ['GET /v1/search?q=clair lune&type=track,episode&limit=5&offset=0']],
  ] as const)('adds %j', async ([what, searches], { sandbox, standIn }) => {
    const added = what[0] === episode.item.uri ? episode.item : track.item
    expect(await runInProcess(sandbox, ['queue', ...what])).toMatchObject({ code: 0, stdout: '' })
    expect(asked(standIn)).toEqual([...searches, `POST /v1/me/player/queue?uri=${added.uri}`])
    expect(standIn.player.queue).toEqual([added])
  })

  it('says what fits best', async ({ sandbox }) => {
    const { stderr } = await runInProcess(sandbox, ['queue', 'clair'])
    expect(stderr).toBe('Best match: Clair de lune - Marisol Vantreight, Claude Debussy (track)\n')
  })

  it('refuses an album', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['queue', suite.uri])).toEqual({
      ...misused,
      stderr: `${suite.uri} is of the type album.\nThis takes: track, episode.\n`,
    })
    expect(standIn.requests).toEqual([])
  })

  it('adds several in their order', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['queue', episode.item.uri, uri])).toEqual(success)
    expect(standIn.player.queue).toEqual([episode.item, track.item])
  })

  it('names the one of its two scopes that is missing', async ({ sandbox, standIn }) => {
    const playing = 'user-read-currently-playing'
    const { access_token: accessToken } = await standIn.issue({ scope: readScope })
    await sandbox.logIn(standIn, { accessToken, scopes: [readScope] })
    expect(await runInProcess(sandbox, ['queue'])).toEqual(missingScope(playing))
  })

  itSaysWhyThePlayerRefuses('queue', uri)
  itNeedsScope(controlScope, 'queue', uri)
  itNeedsScope(readScope, 'queue')
})
