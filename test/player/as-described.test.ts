import { expect } from 'vitest'
import { loadApiDescription } from '../support/api-description.ts'
import { exampleLines } from '../support/example-lines.ts'
import { it } from '../support/fixture.ts'
import { composer, episode, suite, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { commandNames } from '../support/program-commands.ts'
import { fogbound, ledger } from '../support/stand-in-catalogue.ts'
import { kitchen } from '../support/stand-in-player.ts'

/** Forms of the commands that are not among the examples of their help. */
const moreForms = [
  ['search', 'fogbound', '--type', 'artist,album,track,playlist,episode,show', '--limit', '25'],
  ['albums', fogbound.uri, '--limit', '12'],
  ['tracks', ledger.album.id, '--limit', '70'],
  ['play', track.item.uri],
  ['play', track.item.uri, episode.item.uri],
  ['play', suite.uri, '--device', 'kitchen'],
  ['play', composer.uri, '--device', kitchen.id ?? ''],
  ['play'],
  ['seek', '+10'],
  ['volume', '30'],
  ['queue', episode.item.uri],
  ['like', suite.uri, ...ledger.tracks.map(({ uri }) => uri)],
  ['playlists', '--limit', '70'],
  ['tracks', '--playlist', 'harbour'],
  ['playlist', 'add', 'deck songs'],
  ['playlist', 'add', 'Low Tide', '--create', track.item.uri, episode.item.uri],
  ['recent', '--limit', '50'],
  ['top', '--range', 'short', '--limit', '70'],
  ['top', 'artists', '--range', 'long'],
  ['shuffle', 'on'],
  ['repeat', 'context'],
]

/** Commands that log in or out, or change settings: their requests are not the Web API's. */
const others = ['login', 'logout', 'config', 'completion']

it('every example in the help of a command works, and each of its requests is as Spotify describes it', async ({
  sandbox,
  standIn,
}) => {
  standIn.playback = track
  await sandbox.logIn(standIn)
  const names = (await commandNames()).filter((name) => !others.includes(name))
  const examples = await Promise.all(names.map(exampleLines))
  expect(names.filter((_, at) => examples[at]?.length === 0)).toEqual([])
  for (const args of [...examples.flat(), ...moreForms]) {
    const { code, stderr } = await runInProcess(sandbox, args)
    // One of the examples looks for something that the stand-in does not have.
    const isNotFound = stderr.startsWith('Spotify found nothing.')
    expect([args, code, stderr]).toEqual([args, isNotFound ? 5 : 0, stderr])
  }
  // Where the description is not at hand, at least the stand-in has taken the requests.
  const { requestProblems } = loadApiDescription() ?? { requestProblems: () => [] }
  const problems = standIn.requests.flatMap((request) =>
    requestProblems(request).map(
      (problem) => `${request.method} ${request.path}?${request.query}: ${problem}`,
    ),
  )
  expect(problems).toEqual([])
}, 60_000)
