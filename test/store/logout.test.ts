import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired } from '../support/credentials.ts'
import { callsOfRefresh } from '../support/failing-calls.ts'
import { withFailingCalls } from '../support/failing-in-process.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'

const ways = ['logout', 'logout --all']

describe('a logout leaves no token behind:', () => {
  it.for(ways)('%s, in what was moved aside', async (words, { sandbox }) => {
    const directory = path.dirname(sandbox.credentialFile)
    await runInProcess(sandbox, ['logout'])
    const aside = ['default.json.1790000000000.bad', 'default.json.1790000000001.bad']
    for (const name of aside) writeFileSync(path.join(directory, name), '{"refresh_token":"secret"')
    writeFileSync(path.join(directory, 'other.json.1790000000001.bad'), '{"refresh_token":"secret"')
    expect(await sandbox.run(words.split(' '))).toMatchObject({ code: 0 })
    expect(Object.keys(sandbox.snapshot())).toEqual(
      words.includes('--all') ? [] : ['other.json.1790000000001.bad'],
    )
  })

  const { rename, pwrite64, fsync } = callsOfRefresh
  const faults = [
    ['finished beside the file', `rename:signal=SIGKILL:when=${rename.save}`],
    ['unfinished beside the file', `fsync:signal=SIGKILL:when=${fsync.reserve}`],
    ['kept elsewhere', `pwrite64:error=EIO:when=${pwrite64.save}`],
  ] as const
  describe('in a draft that is', () => {
    it.for(ways.flatMap((words) => faults.map(([what, fault]) => [words, what, fault] as const)))(
      '%s: %s',
      async ([words, , fault], { sandbox, standIn }) => {
        await sandbox.logIn(standIn, expired())
        await withFailingCalls(sandbox, fault, () => runInProcess(sandbox, ['token']))
        expect(Object.keys(sandbox.snapshot())).toHaveLength(2)
        expect(await runInProcess(sandbox, words.split(' '))).toMatchObject({
          code: 0,
          stderr: expect.stringContaining('Logged out'),
        })
        expect(sandbox.snapshot()).toEqual({})
        expect(readdirSync(sandbox.env.TMPDIR ?? '')).toEqual([])
        expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 4 })
      },
    )
  })

  it('of a profile whose name begins like another, the other stays', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const directory = path.dirname(sandbox.credentialFile)
    const other = ['default.work.0123456789abcdef.01234567.tmp', 'default.work.json']
    for (const name of other) writeFileSync(path.join(directory, name), '')
    await runInProcess(sandbox, ['logout'])
    expect(Object.keys(sandbox.snapshot()).sort()).toEqual(other)
  })
})
