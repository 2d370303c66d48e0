import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { hearATrack } from '../support/now-playing.ts'
import { waitFor } from '../support/sandbox.ts'

// That a command is seen within a second counts from its end.

const contains = 'GET /v1/me/library/contains'

it.beforeEach(hearATrack)

it('a like and an unlike are seen by both watches within a second, without a request', async ({
  sandbox,
  standIn,
}) => {
  const args = ['now-playing', '--watch', '--format', '[{liked}] {title}']
  const watches = [1, 2].map(() => sandbox.start(args))
  const show = (text: string, timeoutMs?: number) =>
    waitFor(() => watches.every(({ stdout }) => stdout().endsWith(text)), timeoutMs)
  await show('[] Clair de lune\n')
  expect(await sandbox.run(['like'])).toMatchObject({ code: 0 })
  await show('[♥] Clair de lune\n', 1_000)
  expect(await runInProcess(sandbox, ['unlike', track.item.uri])).toMatchObject({ code: 0 })
  await show('[] Clair de lune\n', 1_000)
  // Something else changes nothing of that.
  expect(await runInProcess(sandbox, ['like', 'spotify:album:6tJw2CkQe8Vn4gXsRy0MhU'])).toMatchObject({
    code: 0,
  })
  expect(standIn.requestsTo(contains)).toHaveLength(1)
  for (const { stdout } of watches) {
    expect(stdout()).toBe('[] Clair de lune\n[♥] Clair de lune\n[] Clair de lune\n')
  }
})

it('a like while Spotify is being asked is not missed', async ({ sandbox, standIn }) => {
  standIn.fault(contains, { delayMs: 2_000, status: 200, body: [false] })
  const { stdout } = sandbox.start(['now-playing', '--watch', '--format', '[{liked}] {title}'])
  await waitFor(() => standIn.requestsTo(contains).length === 1)
  expect(await runInProcess(sandbox, ['like'])).toMatchObject({ code: 0 })
  await waitFor(() => stdout().endsWith('[♥] Clair de lune\n'))
  expect(standIn.requestsTo(contains)).toHaveLength(2)
})
