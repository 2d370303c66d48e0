import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { systemCode } from '../../src/errors.ts'
import { listProcesses } from '../support/command-lines.ts'
import { presentedTokens } from '../support/refreshing.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { logInWith, it as withHelper } from '../support/with-helper.ts'

const it = withHelper.extend({ standInOptions: { rotation: 'strict' as const } })

/** All that can be read below a directory. */
function textBelow(directory: string): string {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((each) => each.isFile())
    .map((each) => readIfThere(path.join(each.parentPath, each.name)))
    .join('\n')
}

/** Some files are there only while a helper is at work. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}

describe('the refresh token and the secret of the app', () => {
  const { title, skip } = needs(
    'are at no time in a file of the program’s, or in a list of arguments',
    '/proc/self/cmdline',
  )
  it.skipIf(skip)(title, async ({ sandbox, standIn, helper }) => {
    const { clientId, clientSecret } = confidentialApp
    const { refresh_token: refreshToken } = await standIn.issue({ clientId })
    await logInWith(helper, sandbox, standIn, { expiresAtMs: 0, clientId, clientSecret, refreshToken })
    helper.fault('store', 'slow')
    const seen = new Set<string>()
    const look = () => {
      for (const { commandLine } of listProcesses()) seen.add(commandLine)
      for (const directory of [sandbox.home, sandbox.env.TMPDIR ?? '']) seen.add(textBelow(directory))
    }
    const timer = setInterval(look, 20)
    const outcome = await sandbox.run(['token']).finally(() => clearInterval(timer))
    expect(outcome).toMatchObject({ code: 0 })
    look()
    helper.mend()
    expect(await sandbox.run(['token', '--refresh'])).toMatchObject({ code: 0 })
    const secrets = [...presentedTokens(standIn), clientSecret]
    expect(secrets).toHaveLength(3)
    const all = [...seen].join('\n')
    expect(all).toContain('docker-credential-test store')
    expect(all).toContain('"credential_helper": "test"')
    expect(secrets.filter((secret) => all.includes(secret ?? ''))).toEqual([])
  })
})
