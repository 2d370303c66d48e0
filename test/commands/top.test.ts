import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { idsOf, itListsPageByPage } from '../support/catalogue-list.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, success } from '../support/outcome.ts'
import { itNeedsScope } from '../support/player-command.ts'
import { catalogue } from '../support/stand-in-catalogue.ts'

const { tracks, artists } = catalogue

describe.concurrent('top', () => {
  it('lists the tracks of six months, twenty of them', async ({ sandbox, standIn }) => {
    expect(await sandbox.run(['top', '--ids'])).toEqual({ ...success, stdout: idsOf(tracks.slice(0, 20)) })
    expect(asked(standIn)).toEqual(['GET /v1/me/top/tracks?time_range=medium_term&limit=20&offset=0'])
  })

  it.for([
    [['top', 'tracks', '--range', 'short'], 'tracks?time_range=short_term', tracks[2]],
    [['top', 'artists'], 'artists?time_range=medium_term', artists[0]],
    [['top', 'artists', '--range', 'long'], 'artists?time_range=long_term', artists[1]],
  ] as const)('%j', async ([args, request, first], { sandbox, standIn }) => {
    const { stdout } = await runInProcess(sandbox, [...args, '--json'])
    expect(JSON.parse(stdout)[0]).toMatchObject({ uri: first?.uri, name: first?.name })
    expect(asked(standIn)).toEqual([`GET /v1/me/top/${request}&limit=20&offset=0`])
  })

  itListsPageByPage('more than a page', ['top', '--limit', '70'], {
    items: tracks.slice(0, 70),
    queries: ['time_range=medium_term&limit=50&offset=0', 'time_range=medium_term&limit=20&offset=50'],
  })

  it('keeps hostile titles on one line', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['top', '--limit', '1000'])
    expect(stdout).toContain('\tSiren [31mRed Second Line\tIngrid Fyr\tSirens\n')
    expect(stdout.split('\n')).toHaveLength(tracks.length + 1)
  })

  it.for([
    [['top', 'albums'], 'top takes tracks or artists.'],
    [['top', '--range', 'forever'], '--range takes short, medium or long.'],
  ] as const)('refuses %j', async ([args, message], { sandbox, standIn }) => {
    expect(await runInProcess(sandbox, [...args])).toEqual({ ...misused, stderr: `${message}\n` })
    expect(standIn.requests).toEqual([])
  })

  it('says in a terminal that there are more', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['top', 'artists', '--limit', '2', '--no-color'], {
      columns: 80,
    })
    expect(stdout).toBe('#  Name\n1  Marisol Vantreight\n2  Claude Debussy\n2 of 7; more with --limit.\n')
  })

  itNeedsScope('user-top-read', 'top')
})
