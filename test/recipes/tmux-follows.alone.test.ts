import { expect } from 'vitest'
import { playNext } from '../support/now-playing.ts'
import { it } from '../support/tmux-fixture.ts'
import { needs } from '../support/tools.ts'

const { title, skip } = needs('the status bar of tmux follows a change, and is empty after a logout', 'tmux')

it.skipIf(skip)(title, async ({ sandbox, standIn, statusBar }) => {
  await statusBar.shows('Clair de lune')
  playNext(standIn, 'Passepied')
  const changedAt = Date.now()
  await statusBar.shows('Passepied')
  // Mostly one second; two where tmux has looked already in this one. And what starting a process takes.
  expect(Date.now() - changedAt).toBeLessThan(2_300)
  await sandbox.run(['logout'])
  await statusBar.isEmpty()
})
