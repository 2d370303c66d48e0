import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { pausedTrack } from '../support/fixtures.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { hearATrack, player, playNext, timesAsked } from '../support/now-playing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

// That a command is seen within a second counts from its end.

it.beforeEach(hearATrack)

type Run = (sandbox: Sandbox, args: string[]) => ReturnType<Sandbox['run']>

const byTheProgram: Run = (sandbox, args) => sandbox.run(args)

async function watchTwice(sandbox: Sandbox, format: string) {
  const args = ['now-playing', '--watch', '--idle', 'nothing', '--format', format]
  const watches = [1, 2].map(() => sandbox.start(args))
  const lines = () => watches.map(({ stdout }) => stdout().split('\n').at(-2) ?? '')
  const show = (text: string, timeoutMs?: number) =>
    waitFor(() => lines().every((line) => line.startsWith(text)), timeoutMs)
  return {
    show,
    /** Runs a command, by the program or in another way; both of them show the text within a second. */
    async after(args: string[], text: string, run: Run = runInProcess) {
      expect(await run(sandbox, args)).toMatchObject({ code: 0 })
      await show(text, 1_000)
    },
  }
}

it('a seek, a pause, a toggle both ways and a logout are seen within a second, without a request', async ({
  sandbox,
  standIn,
}) => {
  const { show, after } = await watchTwice(sandbox, '{state} {progress}')
  await show('playing 1:')
  // Asked for the second time, which is soon after the first; the third time is later than this test.
  await waitFor(() => timesAsked(standIn) >= 2)
  const asked = timesAsked(standIn)
  await after(['seek', '4:00'], 'playing 4:0', byTheProgram)
  await after(['pause'], 'paused 4:0', byTheProgram)
  expect(timesAsked(standIn)).toBe(asked)
  await after(['toggle'], 'playing 4:0')
  await after(['toggle'], 'paused 4:0')
  await after(['logout'], 'nothing')
  const askedAtLogout = timesAsked(standIn)
  await sleep(2_000)
  expect(timesAsked(standIn)).toBe(askedAtLogout)
})

it('a skip is seen within a second, with one request, and so is a login', async ({ sandbox, standIn }) => {
  const { show, after } = await watchTwice(sandbox, '{title}')
  await show('Clair de lune')
  await waitFor(() => timesAsked(standIn) >= 2)
  // Its answer has been shared: a skip while one is awaited may cost a request more, and is for the next test.
  await sleep(300)
  for (const command of ['next', 'previous', 'play']) {
    playNext(standIn, command)
    const before = timesAsked(standIn)
    await after([command], command)
    expect(timesAsked(standIn)).toBe(before + 1)
    await sleep(50)
  }
  await after(['logout'], 'nothing')
  playNext(standIn, 'Menuet')
  const login = await beginLoginInProcess(sandbox)
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 0 })
  await show('Menuet', 1_000)
})

it('a skip during a request is not missed', async ({ sandbox, standIn }) => {
  const { show } = await watchTwice(sandbox, '{title}')
  await show('Clair de lune')
  standIn.fault(player, { delayMs: 1_000, status: 200, body: pausedTrack })
  await waitFor(() => timesAsked(standIn) === 2)
  playNext(standIn, 'Passepied')
  await runInProcess(sandbox, ['next'])
  // The answer that was on its way, and the one after it.
  await waitFor(() => timesAsked(standIn) === 3, 2_000)
  await show('Passepied', 1_000)
})
