import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'

it('ten settings that are changed at once are all kept', async ({ sandbox }) => {
  const profiles = Array.from({ length: 10 }, (_, at) => `p${at}`)
  // Most of them by processes of their own.
  const outcomes = await Promise.all(
    profiles.map((profile, at) => {
      const args = ['config', 'set', 'client_id', `of-${profile}`, '--profile', profile]
      return at < 7 ? sandbox.run(args) : runInProcess(sandbox, args)
    }),
  )
  for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 0, stdout: '', stderr: '' })
  const text = readFileSync(path.join(sandbox.home, 'config.json'), 'utf8')
  const expected = profiles.map((profile) => [profile, { client_id: `of-${profile}` }])
  expect(JSON.parse(text)).toEqual({ profiles: Object.fromEntries(expected) })
  expect(await runInProcess(sandbox, ['config', 'get', 'client_id', '--profile', 'p9'])).toMatchObject({
    stdout: 'of-p9\n',
  })
})
