import { expect } from 'vitest'
import { playNext } from '../support/now-playing.ts'
import { it } from '../support/tmux-fixture.ts'
import { needs } from '../support/tools.ts'

const { title, skip } = needs('the status bar of tmux follows a change, and is empty after a logout', 'tmux')

it.skipIf(skip)(title, async ({ sandbox, standIn, statusBar }) => {
  await statusBar.shows('Clair de lune')
  playNext(standIn, 'Passepied')
  await sandbox.run(['next'])
  const changedAt = Date.now()
  await statusBar.shows('Passepied')
  // Mostly at once; two seconds where tmux has drawn already in this one.
  expect(Date.now() - changedAt).toBeLessThan(2_300)
  playNext(standIn, 'Menuet')
  // Somebody skips on a phone.
  const skippedAt = Date.now()
  await statusBar.shows('Menuet')
  expect(Date.now() - skippedAt).toBeLessThan(5_500)
  await sandbox.run(['logout'])
  const loggedOutAt = Date.now()
  await statusBar.isEmpty()
  expect(Date.now() - loggedOutAt).toBeLessThan(2_300)
})
