import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { ad, episode, track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { player, playNext, timesAsked } from '../support/now-playing.ts'
import { recipeUnder } from '../support/recipe.ts'
import { waitFor } from '../support/sandbox.ts'
import { it } from '../support/shell-fixture.ts'
import { needs } from '../support/tools.ts'

const by = 'Marisol Vantreight, Claude Debussy - '

/** Titles that would break a loop, an option, a format or a quote. */
const hostile = [
  '-n',
  '  "$(touch pwned)" `touch pwned` ',
  '%s\\n \\',
  '--help; touch pwned',
  "it's & <b>",
  '*',
]

describe.concurrent('the recipe for', () => {
  it('a notification tells of each track once, whatever its title', async ({ sandbox, shell, standIn }) => {
    shell.start('A notification for each track')
    const told = (title: string) => ['--app-name=Spotify', '--', by + title]
    await waitFor(() => shell.notified().length === 1)
    for (const [index, title] of hostile.entries()) {
      playNext(standIn, title)
      await runInProcess(sandbox, ['next'])
      await waitFor(() => shell.notified().length === index + 2)
    }
    await runInProcess(sandbox, ['pause'])
    standIn.playback = undefined
    const times = timesAsked(standIn)
    await runInProcess(sandbox, ['next'])
    // Silence, of which nothing is told.
    await waitFor(() => standIn.requestsTo(player)[times]?.status === 204)
    await sleep(100)
    standIn.playback = episode
    await runInProcess(sandbox, ['next'])
    await waitFor(() => shell.notified().length === hostile.length + 2)
    expect(shell.notified()).toEqual([
      told('Clair de lune'),
      ...hostile.map((title) => told(title)),
      ['--app-name=Spotify', '--', 'The Logbook Hour - A Light off the Azores'],
    ])
  })

  it('OBS keeps the title in a file that is replaced whole', async ({ sandbox, shell, standIn }) => {
    shell.start('The title in a file, for OBS')
    const inode = () => statSync(shell.file('now-playing.txt')).ino
    await waitFor(() => shell.read('now-playing.txt') === `${by}Clair de lune\n`)
    for (const title of hostile) {
      const before = inode()
      playNext(standIn, title)
      await runInProcess(sandbox, ['next'])
      await waitFor(() => shell.read('now-playing.txt') === `${by}${title}\n`)
      expect(inode()).not.toBe(before)
    }
    standIn.playback = undefined
    await runInProcess(sandbox, ['next'])
    await waitFor(() => shell.read('now-playing.txt') === '\n')
    expect(existsSync(shell.file('now-playing.txt.new'))).toBe(false)
  })

  const withCurl = needs('the cover', 'curl')
  it.skipIf(withCurl.skip)(
    `${withCurl.title} keeps it in a file, and removes it where there is none`,
    async ({ sandbox, shell, standIn }) => {
      const server = createServer(({ url }, res) => {
        res.statusCode = url?.startsWith('/cover') ? 200 : 404
        res.end(`picture ${url}`)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const playWithCover = async (url: string) => {
        const album = { ...track.item.album, images: [{ url, height: 640, width: 640 }] }
        standIn.playback = { ...track, item: { ...track.item, album } }
        await runInProcess(sandbox, ['next'])
      }
      await playWithCover(`http://127.0.0.1:${port}/cover/1`)
      shell.start('The cover as a file', (code) => code.replace('--proto =https', '--proto =http'))
      const shows = (content: string) => waitFor(() => shell.read('cover.jpg') === content)
      await shows('picture /cover/1')
      await playWithCover(`http://127.0.0.1:${port}/cover/[2]{3}`)
      await shows('picture /cover/[2]{3}')
      await playWithCover(`http://127.0.0.1:${port}/gone`)
      await shows('')
      await playWithCover(`http://127.0.0.1:${port}/cover/4`)
      await shows('picture /cover/4')
      await playWithCover(`file://${shell.file('bin/notify-send')}`)
      await shows('')
      await playWithCover(`http://127.0.0.1:${port}/cover/5`)
      await shows('picture /cover/5')
      standIn.playback = ad
      await runInProcess(sandbox, ['next'])
      await shows('')
      expect(existsSync(shell.file('cover.jpg'))).toBe(false)
      server.close()
    },
  )

  const withJq = needs('a log', 'jq')
  it.skipIf(withJq.skip)(
    `${withJq.title} has a line of JSON for each track`,
    async ({ sandbox, shell, standIn }) => {
      shell.start('A log of what was heard')
      const heard = () =>
        shell
          .read('heard.jsonl')
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line))
      const titles = ['"x", {y} \\', "it's"]
      await waitFor(() => heard().length === 1)
      for (const [index, title] of titles.entries()) {
        playNext(standIn, title)
        await runInProcess(sandbox, ['next'])
        await waitFor(() => heard().length === index + 2)
      }
      // Neither a pause nor silence is heard.
      await runInProcess(sandbox, ['pause'])
      standIn.playback = undefined
      await runInProcess(sandbox, ['next'])
      standIn.playback = track
      await runInProcess(sandbox, ['play'])
      await waitFor(() => heard().length === titles.length + 2)
      const line = (title: string) => ({
        heard_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        uri: track.item.uri,
        title,
        artists: 'Marisol Vantreight, Claude Debussy',
        album: 'Suite bergamasque',
      })
      expect(heard()).toEqual(['Clair de lune', ...titles, 'Clair de lune'].map(line))
    },
  )

  it('all liked songs has a line of JSON for each', async ({ shell }) => {
    await shell.run(recipeUnder('All liked songs'))
    const lines = shell.read('liked.jsonl').trimEnd().split('\n')
    expect(lines).toHaveLength(1_000)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ track: { name: expect.any(String) } })
  })

  it('a bar that hides while paused shows what plays, and nothing else', async ({
    sandbox,
    shell,
    standIn,
  }) => {
    shell.start('Hidden while paused')
    const shows = (lines: string[]) =>
      waitFor(() => shell.stdout() === lines.map((line) => `${line}\n`).join(''))
    const first = `${by}Clair de lune`
    await shows([first])
    await runInProcess(sandbox, ['pause'])
    await shows([first, ''])
    await runInProcess(sandbox, ['toggle'])
    await shows([first, '', first])
    playNext(standIn, '\\ $(touch pwned) %s')
    await runInProcess(sandbox, ['next'])
    const second = `${by}\\ $(touch pwned) %s`
    await shows([first, '', first, second])
    standIn.playback = episode
    await runInProcess(sandbox, ['next'])
    const third = 'The Logbook Hour - A Light off the Azores'
    await shows([first, '', first, second, third])
    standIn.playback = undefined
    await runInProcess(sandbox, ['next'])
    await shows([first, '', first, second, third, ''])
  })
})
