import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { runInProcess } from '../support/in-process.ts'
import { it } from '../support/with-helper.ts'

describe('logout', () => {
  it('erases there, too', async ({ sandbox, helper }) => {
    expect(Object.keys(helper.entries())).toHaveLength(1)
    expect(await sandbox.run(['logout'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Logged out'),
    })
    expect([helper.entries(), sandbox.snapshot()]).toEqual([{}, {}])
  })

  it.for([
    ['logout', 'fail'],
    ['logout', 'lie'],
    ['logout --all', 'fail'],
  ] as const)(
    '%s: where the helper does: %s, the tokens here go, exit 7, and the next one tries again',
    async ([words, fault], { sandbox, helper }) => {
      helper.fault('erase', fault)
      const refusal = { code: 7, stderr: expect.stringContaining('the next logout tries again') }
      expect(await runInProcess(sandbox, words.split(' '))).toMatchObject(refusal)
      expect(existsSync(sandbox.credentialFile)).toBe(false)
      expect(await runInProcess(sandbox, words.split(' '))).toMatchObject(refusal)
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
      helper.mend()
      expect(await runInProcess(sandbox, words.split(' '))).toMatchObject({ code: 0 })
      expect([helper.entries(), sandbox.snapshot()]).toEqual([{}, {}])
      helper.calls()
      expect(await runInProcess(sandbox, ['logout'])).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('You are not logged in'),
      })
      expect(helper.calls()).toEqual([])
    },
  )
})

describe('logout where the helper has been uninstalled', () => {
  it('says once with exit 7 what is left and where, and then has nothing more to do, until it is back', async ({
    sandbox,
    helper,
  }) => {
    const [address = ''] = Object.keys(helper.entries())
    const { PATH = '' } = sandbox.env
    sandbox.env.PATH = process.env.PATH ?? ''
    const told = new RegExp(
      `docker-credential-test cannot be started \\(ENOENT\\)\\.\n.* as ${address}: remove that from your keyring`,
    )
    const expected = { stdout: '', stderr: expect.stringMatching(told) }
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 7, ...expected })
    expect(existsSync(sandbox.credentialFile)).toBe(false)
    for (const words of [['logout'], ['logout', '--all']]) {
      const later = await runInProcess(sandbox, words)
      expect(later).toMatchObject({ code: 0, ...expected })
      expect(later.stderr).not.toContain('nothing to forget')
    }
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
    sandbox.env.PATH = PATH
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Logged out'),
    })
    expect([helper.entries(), sandbox.snapshot()]).toEqual([{}, {}])
  })
})

describe('logout with two helpers, of which one has been uninstalled', () => {
  it('tells what is left with each, and is exit 7 as long as the other one refuses', async ({
    sandbox,
    helper,
  }) => {
    const note = path.join(path.dirname(sandbox.credentialFile), 'default.helpers')
    writeFileSync(note, 'uninstalled\ntest\n')
    helper.fault('erase', 'fail')
    for (let time = 1; time <= 2; time++) {
      const { code, stderr } = await runInProcess(sandbox, ['logout'])
      expect(code).toBe(7)
      expect(stderr).toContain('docker-credential-uninstalled cannot be started (ENOENT).\n')
      expect(stderr).toContain('docker-credential-test failed: the keyring is locked.\n')
    }
  })
})
