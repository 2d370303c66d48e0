import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { playNext } from '../support/now-playing.ts'
import { it } from '../support/tmux-fixture.ts'
import { needs } from '../support/tools.ts'

const { title, skip } = needs('the status bar of tmux', 'tmux')

describe.skipIf(skip).concurrent(title, () => {
  it('is empty when Spotify cannot be reached', async ({ standIn, statusBar }) => {
    await statusBar.shows('Clair de lune')
    await standIn.close()
    await statusBar.isEmpty()
  })

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
      await statusBar.shows(title)
    }
    await sleep(1_100)
    expect(existsSync(path.join(sandbox.env.HOME ?? '', 'pwned'))).toBe(false)
  }, 60_000)
})
