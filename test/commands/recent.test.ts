import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/logged-in.ts'
import { misused, success } from '../support/outcome.ts'
import { itNeedsScope } from '../support/player-command.ts'
import { hostile, ledger } from '../support/stand-in-catalogue.ts'
import { needs } from '../support/tools.ts'

const path = '/v1/me/player/recently-played'

describe.concurrent('recent', () => {
  it('lists the latest first, twenty of them', async ({ sandbox, standIn }) => {
    const { stdout, stderr, code } = await runInProcess(sandbox, ['recent'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(20)
    expect(lines[0]).toBe(
      `${track.item.uri}\tClair de lune\tMarisol Vantreight, Claude Debussy\tSuite bergamasque`,
    )
    expect(lines[1]).toBe(`${ledger.tracks[0]?.uri}\tEntry 1\tIngrid Fyr\tThe Lighthouse Ledger`)
    expect(asked(standIn)).toEqual([`GET ${path}?limit=20`])
  })

  it('has the forms of the other lists, and in JSON when each was played', async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, ['recent', '--ids', '--limit', '1'])).toEqual({
      ...success,
      stdout: `${track.item.uri}\n`,
    })
    const { stdout } = await runInProcess(sandbox, ['recent', '--json', '--limit', '50'])
    expect(JSON.parse(stdout)).toHaveLength(50)
    expect(JSON.parse(stdout)).toMatchObject([
      { uri: track.item.uri, played_at: '2026-11-26T21:14:03.581Z' },
      { name: 'Entry 1', played_at: '2026-11-26T21:13:03.581Z' },
      ...Array(48).fill({}),
    ])
    expect(asked(standIn).at(-1)).toBe(`GET ${path}?limit=50`)
  })

  it('keeps a hostile title on one line', async ({ sandbox, standIn }) => {
    standIn.library.heard = hostile.tracks
    expect(await runInProcess(sandbox, ['recent'])).toMatchObject({
      stdout: `${hostile.tracks[0]?.uri}\tSiren [31mRed Second Line\tIngrid Fyr\tSirens\n`,
    })
  })

  it.for(['0', '51', 'all'])('refuses --limit %s', async (limit, { sandbox, standIn }) => {
    const stderr = '--limit takes a whole number from 1 to 50.\n'
    expect(await runInProcess(sandbox, ['recent', '--limit', limit])).toEqual({ ...misused, stderr })
    expect(standIn.requests).toEqual([])
  })

  it('says on standard error that there is nothing, and is an empty list for scripts', async ({
    sandbox,
    standIn,
  }) => {
    standIn.library.heard = []
    const stderr = 'Nothing has been played lately.\n'
    expect(await runInProcess(sandbox, ['recent'])).toEqual({ ...success, stderr })
    expect(await runInProcess(sandbox, ['recent', '--json'])).toEqual({ ...success, stdout: '[]\n' })
  })

  const { title, skip } = needs('is a table in a terminal, with when each was played', 'script')
  it.skipIf(skip)(title, async ({ sandbox }) => {
    const terminal = sandbox.startInTerminal(['recent', '--limit', '2', '--no-color'], { env: { TZ: 'UTC' } })
    expect((await terminal.outcome).stdout.split('\r\n')).toEqual([
      '#  Name           By               Album             Year  Length         Played',
      '1  Clair de lune  Marisol Vantre…  Suite bergamasq…  2019    5:04  26 Nov, 21:14',
      '2  Entry 1        Ingrid Fyr       The Lighthouse…   2021    3:01  26 Nov, 21:13',
      '',
    ])
  })

  itNeedsScope('user-read-recently-played', 'recent')
})
