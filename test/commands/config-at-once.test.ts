import { expect } from 'vitest'
import { it } from '../support/fixture.ts'

it('ten settings that are changed at once are all kept', async ({ sandbox }) => {
  const profiles = Array.from({ length: 10 }, (_, at) => `p${at}`)
  const outcomes = await Promise.all(
    profiles.map((profile) =>
      sandbox.run(['config', 'set', 'client_id', `of-${profile}`, '--profile', profile]),
    ),
  )
  for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 0, stdout: '', stderr: '' })
  const kept = await Promise.all(
    profiles.map((profile) => sandbox.run(['config', 'get', 'client_id', '--profile', profile])),
  )
  expect(kept.map(({ stdout }) => stdout)).toEqual(profiles.map((profile) => `of-${profile}\n`))
})
