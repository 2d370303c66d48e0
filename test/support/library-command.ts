import { describe, expect } from 'vitest'
import { asked } from './asked.ts'
import { ad, composer, episode, localFile, pausedTrack, suite, track, unknownItem } from './fixtures.ts'
import { runInProcess } from './in-process.ts'
import { it } from './logged-in.ts'
import { player } from './now-playing.ts'
import { misused, refused, success } from './outcome.ts'
import { itNeedsScope } from './player-command.ts'
import { hostile, ledger } from './stand-in-catalogue.ts'
import { harbourNights } from './stand-in-library.ts'

const { uri } = track.item
const label = 'Clair de lune - Marisol Vantreight, Claude Debussy (track)'
const nowPlaying = `${player}?additional_types=track,episode`

/** Tests of `like`, or of `unlike`: the request that it makes, what it says, and whether a thing is saved afterwards. */
export function describeLibraryCommand(
  command: string,
  method: string,
  done: string,
  isSaved: boolean,
): void {
  const request = (...uris: string[]) => `${method} /v1/me/library?uris=${uris}`

  describe.concurrent('what is playing', () => {
    it('is said on standard error', async ({ sandbox, standIn }) => {
      standIn.playback = track
      if (!isSaved) standIn.library.saved.add(uri)
      expect(await sandbox.run([command])).toEqual({ ...success, stderr: `${done}: ${label}\n` })
      expect(asked(standIn)).toEqual([nowPlaying, request(uri)])
      expect(standIn.library.saved.has(uri)).toBe(isSaved)
      // Spotify answers 411 to one that does not say that it is empty.
      if (method === 'PUT') expect(standIn.requests[1]?.headers).toMatchObject({ 'content-length': '0' })
    })

    it('is asked of Spotify, whatever the bars have shown', async ({ sandbox, standIn }) => {
      standIn.playback = episode
      await runInProcess(sandbox, ['now-playing', '--max-age', '3600'])
      standIn.playback = track
      expect(await runInProcess(sandbox, [command])).toMatchObject({ stderr: `${done}: ${label}\n` })
    })

    it.for([
      ['paused', pausedTrack, label, uri],
      ['an episode', episode, 'A Light off the Azores - The Logbook Hour (episode)', episode.item.uri],
      [
        'hostile',
        { ...track, item: hostile.tracks[0] },
        'Siren [31mRed Second Line - Ingrid Fyr (track)',
        `${hostile.tracks[0]?.uri}`,
      ],
    ] as const)('may be %s', async ([, playback, itsLabel, itsUri], { sandbox, standIn }) => {
      standIn.playback = playback
      expect(await runInProcess(sandbox, [command])).toEqual({ ...success, stderr: `${done}: ${itsLabel}\n` })
      expect(asked(standIn)).toEqual([nowPlaying, request(itsUri)])
    })

    it.for([
      ['an advertisement', ad, 'An advertisement is playing, which cannot be kept.'],
      ['a local file', localFile, 'A local file is playing, which Spotify cannot keep.'],
      ['something unknown', unknownItem, 'Spotify does not say what is playing.'],
    ] as const)('is refused where it is %s', async ([, playback, message], { sandbox, standIn }) => {
      standIn.playback = playback
      expect(await runInProcess(sandbox, [command])).toEqual({ ...refused, stderr: `${message}\n` })
      expect(asked(standIn)).toEqual([nowPlaying])
    })

    it('is missing: exit 3', async ({ sandbox, standIn }) => {
      const message = 'Nothing is playing.'
      const hint = 'Name something, by its Spotify URI, link or id.'
      expect(await runInProcess(sandbox, [command])).toEqual({
        ...success,
        code: 3,
        stderr: `${message}\n${hint}\n`,
      })
      const { code, stderr } = await runInProcess(sandbox, [command, '--json'])
      expect(code).toBe(3)
      expect(JSON.parse(stderr)).toEqual({ error: { code: 'nothing_playing', message, hint } })
      expect(standIn.requestsTo(`${method} /v1/me/library`)).toEqual([])
    })
  })

  describe.concurrent('what is named', () => {
    it.for([
      ['a URI', [suite.uri], [suite.uri]],
      ['a link', [`https://open.spotify.com/intl-de/album/${suite.id}?si=1`], [suite.uri]],
      ['an id, of a track', [track.item.id], [uri]],
      ['a playlist', [`spotify:playlist:${harbourNights.id}`], [`spotify:playlist:${harbourNights.id}`]],
      ['several', [uri, suite.uri], [uri, suite.uri]],
    ] as const)('%s: is one request, without a look-up', async ([, words, uris], { sandbox, standIn }) => {
      expect(await runInProcess(sandbox, [command, ...words])).toEqual({
        ...success,
        stderr: `${done}: ${uris.length === 1 ? uris[0] : `${uris.length} items`}\n`,
      })
      expect(asked(standIn)).toEqual([request(...uris)])
    })

    it('goes in requests of at most 40', async ({ sandbox, standIn }) => {
      const uris = ledger.tracks.map((each) => each.uri)
      const { stderr } = await runInProcess(sandbox, [command, ...uris])
      expect(stderr).toBe(`${done}: 120 items\n`)
      expect(asked(standIn)).toEqual([0, 40, 80].map((at) => request(...uris.slice(at, at + 40))))
    })

    it('says how many were done before a request that failed', async ({ sandbox, standIn }) => {
      standIn.fault(`${method} /v1/me/library`, {}, { status: 503 })
      const uris = ledger.tracks.slice(0, 50).map((each) => each.uri)
      expect(await runInProcess(sandbox, [command, ...uris])).toEqual({
        ...success,
        code: 6,
        stderr: 'Spotify answered with status 503. The first 40 of 50 are done.\nTry again later.\n',
      })
      expect(standIn.requests).toHaveLength(2)
    })

    it.for([
      [
        'words',
        ['clair', 'de', 'lune'],
        '"clair" is no Spotify URI, link or id.',
        'With search, words find them.',
      ],
      [
        'a hostile word',
        [uri, 'x\n\u001b[31m'],
        '"x [31m" is no Spotify URI, link or id.',
        'With search, words find them.',
      ],
      ['an artist', [uri, composer.uri], `${composer.uri} is of the type artist.`, ''],
    ] as const)(
      'is refused where it is %s, and nothing is written',
      async ([, words, message, more], { sandbox, standIn }) => {
        const hint = `This takes: track, album, episode, show, playlist. ${more}`.trim()
        const outcome = await runInProcess(sandbox, [command, ...words])
        expect(outcome).toEqual({ ...misused, stderr: `${message}\n${hint}\n` })
        expect(standIn.requests).toEqual([])
      },
    )

    it('is refused where it is a local file, and nothing is written', async ({ sandbox, standIn }) => {
      expect(await runInProcess(sandbox, [command, uri, localFile.item.uri])).toEqual({
        ...refused,
        stderr: `${localFile.item.uri} is a local file, which Spotify cannot keep.\n`,
      })
      expect(standIn.requests).toEqual([])
    })

    it('is not said with --json', async ({ sandbox }) => {
      expect(await runInProcess(sandbox, [command, uri, '--json'])).toEqual(success)
    })
  })

  it('is what the bars show then, without a request', async ({ sandbox, standIn }) => {
    standIn.playback = track
    if (!isSaved) standIn.library.saved.add(uri)
    const bar = async () => {
      const args = ['now-playing', '--max-age', '3600', '--format', '{title}{liked}']
      return (await runInProcess(sandbox, args)).stdout
    }
    const [not, saved] = ['Clair de lune\n', 'Clair de lune♥\n']
    expect(await bar()).toBe(isSaved ? not : saved)
    await runInProcess(sandbox, [command])
    expect(await bar()).toBe(isSaved ? saved : not)
    expect(standIn.requestsTo('GET /v1/me/library/contains')).toHaveLength(1)
  })

  it('is what the bars show also where a later request fails', async ({ sandbox, standIn }) => {
    standIn.playback = track
    if (!isSaved) standIn.library.saved.add(uri)
    const bar = ['now-playing', '--max-age', '3600', '--format', '{title}{liked}']
    await runInProcess(sandbox, bar)
    standIn.fault(`${method} /v1/me/library`, {}, { status: 503 })
    const others = ledger.tracks.slice(0, 40).map((each) => each.uri)
    expect(await runInProcess(sandbox, [command, uri, ...others])).toMatchObject({ code: 6 })
    const { stdout } = await runInProcess(sandbox, bar)
    expect(stdout).toBe(isSaved ? 'Clair de lune♥\n' : 'Clair de lune\n')
    expect(standIn.requestsTo('GET /v1/me/library/contains')).toHaveLength(1)
  })

  itNeedsScope('user-library-modify', command)
  itNeedsScope('user-library-modify', command, uri)
}
