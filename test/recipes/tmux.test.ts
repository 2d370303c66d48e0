import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { runInProcess } from '../support/in-process.ts'
import { playNext, timesAsked } from '../support/now-playing.ts'
import { it } from '../support/tmux-fixture.ts'
import { needs } from '../support/tools.ts'

const { title, skip } = needs('the status bar of tmux', 'tmux')

describe.skipIf(skip).concurrent(title, () => {
  it('shows a hostile title as it is', async ({ sandbox, standIn, statusBar }) => {
    for (const title of [
      '#[fg=red]x',
      '##[fg=red]x',
      'a # b ## c ### d',
      '#(touch pwned)',
      '#{pid} #S #,#}',
      '%H:%M $(touch pwned)',
      'Prelude in C#',
      'C##',
      '###',
    ]) {
      playNext(standIn, title)
      await runInProcess(sandbox, ['next'])
      await statusBar.shows(title)
    }
    await sleep(1_100)
    expect(existsSync(path.join(sandbox.env.HOME ?? '', 'pwned'))).toBe(false)
  }, 60_000)

  it('goes on when tmux reads its configuration again, and asks as often as before', async ({
    sandbox,
    standIn,
    statusBar,
  }) => {
    await statusBar.shows('Clair de lune')
    const askedBefore = timesAsked(standIn)
    const startedAt = Date.now()
    await statusBar.reads()
    await statusBar.reads((configuration) => configuration.replace('--max-length 60', '--max-length 50'))
    playNext(standIn, 'Passepied')
    await runInProcess(sandbox, ['next'])
    await statusBar.shows('Passepied')
    // By the schedule, soon after a change: at once, after 1.5 seconds and then every 2.5.
    const most = 3 + (Date.now() - startedAt) / 2_500
    expect(timesAsked(standIn) - askedBefore).toBeLessThanOrEqual(most)
  })
})

describe.skipIf(skip).concurrent(`${title} without a process that stays`, () => {
  it.override({ recipeNumber: 2 })

  it('is empty when Spotify cannot be reached', async ({ standIn, statusBar }) => {
    await statusBar.shows('Clair de lune')
    await standIn.close()
    await statusBar.isEmpty()
  })

  it('follows, and shows a hostile title as it is', async ({ standIn, statusBar }) => {
    await statusBar.shows('Clair de lune')
    playNext(standIn, '#(touch pwned) ## #')
    await statusBar.shows('#(touch pwned) ## #')
  })
})
