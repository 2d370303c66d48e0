import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { serializeCredential } from '../../src/session/credential-text.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { credentialFileOf } from '../support/profiles.ts'

describe.concurrent('logout', () => {
  it('forgets the tokens without a request, and says where to end the access itself', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn)
    const outcome = await sandbox.run(['logout'])
    expect(outcome).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('https://www.spotify.com/account/apps/'),
    })
    expect(existsSync(sandbox.credentialFile)).toBe(false)
    expect(standIn.requests).toEqual([])
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
  })

  it('is content when there is nothing to forget', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0, stdout: '' })
    expect(await runInProcess(sandbox, ['logout', '--all'])).toMatchObject({ code: 0, stdout: '' })
  })

  it('forgets one profile, or all', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    expect(await runInProcess(sandbox, ['logout', '--profile', 'work'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing to forget'),
    })
    expect(existsSync(sandbox.credentialFile)).toBe(true)
    expect(await runInProcess(sandbox, ['logout', '--all'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('"default"'),
    })
    expect(existsSync(sandbox.credentialFile)).toBe(false)
  })

  it('--all forgets the others when one is no file, and names that one', async ({ sandbox, standIn }) => {
    const login = await sandbox.logIn(standIn)
    mkdirSync(credentialFileOf(sandbox, 'a'))
    writeFileSync(credentialFileOf(sandbox, 'work'), serializeCredential(login), { mode: 0o600 })
    const { code, stderr } = await runInProcess(sandbox, ['logout', '--all'])
    expect(code).toBe(7)
    expect(stderr).toContain('"default", "work"')
    expect(stderr).toContain(`${credentialFileOf(sandbox, 'a')} is not a login of this program`)
    const left = readdirSync(path.dirname(sandbox.credentialFile)).filter((name) => name.endsWith('.json'))
    expect(left).toEqual(['a.json'])
  })

  it('is a logout also where the cache cannot be removed', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    writeFileSync(path.join(sandbox.home, 'cache'), '')
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Logged out'),
    })
  })
})
