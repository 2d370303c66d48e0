import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { remind } from '../../src/session/reminder.ts'
import { it } from '../support/fixture.ts'
import { authorizedToEndIn, dayMs } from '../support/refreshing.ts'
import { needs } from '../support/tools.ts'

const unnoted = needs('a reminder that cannot be noted costs nobody the token', 'script')
it.skipIf(unnoted.skip)(unnoted.title, async ({ sandbox, standIn }) => {
  const { accessToken } = await sandbox.logIn(standIn, { authorizedAtMs: authorizedToEndIn(10.5) })
  const reminded = sandbox.credentialFile.replace(/json$/, 'reminded')
  mkdirSync(reminded)
  utimesSync(reminded, new Date(0), new Date(0))
  const { stdout } = await sandbox.startInTerminal(['token']).outcome
  expect(stdout).toContain('ends in')
  expect(stdout).toContain(accessToken)
})

it('is not silenced by a mark of a time to come', async ({ sandbox, standIn }) => {
  const credential = await sandbox.logIn(standIn, { authorizedAtMs: authorizedToEndIn(10.5) })
  const reminded = sandbox.credentialFile.replace(/json$/, 'reminded')
  writeFileSync(reminded, '')
  const inAYear = new Date(Date.now() + 365 * dayMs)
  utimesSync(reminded, inAYear, inAYear)
  const said: string[] = []
  const stderr = { isTerminal: true, columns: 80, write: (text: string) => void said.push(text) }
  const { home } = sandbox
  const needs = { home, profile: 'default', stderr, now: Date.now, commandLine: (words: string) => words }
  remind(needs, credential)
  remind(needs, credential)
  expect(said).toEqual([expect.stringContaining('ends in 11 days')])
})

const quiet = needs('nothing is said of a login that ends in more than 14 days', 'script')
it.skipIf(quiet.skip)(quiet.title, async ({ sandbox, standIn }) => {
  const { accessToken } = await sandbox.logIn(standIn, { authorizedAtMs: authorizedToEndIn(17.5) })
  expect((await sandbox.startInTerminal(['token']).outcome).stdout.trim()).toBe(accessToken)
})
