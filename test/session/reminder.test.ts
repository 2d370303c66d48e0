import { mkdirSync, utimesSync } from 'node:fs'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { authorizedToEndIn } from '../support/refreshing.ts'
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

const quiet = needs('nothing is said of a login that ends in more than 14 days', 'script')
it.skipIf(quiet.skip)(quiet.title, async ({ sandbox, standIn }) => {
  const { accessToken } = await sandbox.logIn(standIn, { authorizedAtMs: authorizedToEndIn(17.5) })
  expect((await sandbox.startInTerminal(['token']).outcome).stdout.trim()).toBe(accessToken)
})
