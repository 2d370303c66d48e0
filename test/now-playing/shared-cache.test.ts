import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { hearATrack, line, player, timesAsked } from '../support/now-playing.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

const bar = ['now-playing', '--max-age', '5']
const cacheFile = ({ home }: Sandbox) => path.join(home, 'cache', 'default.json')

/** Makes what is cached older than it is. */
function age(sandbox: Sandbox, byMs: number) {
  const text = readFileSync(cacheFile(sandbox), 'utf8')
  const older = text.replace(/"(fetched_at_ms|fetchedAtMs)":(\d+)/g, (_, key, at) => `"${key}":${at - byMs}`)
  writeFileSync(cacheFile(sandbox), older)
}

describe.concurrent('the shared cache', () => {
  it.beforeEach(hearATrack)

  it('answers the others while one command fetches', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    await sleep(1_100)
    standIn.fault(player, { delayMs: 4_000 })
    const slow = sandbox.start(['now-playing', '--max-age', '1'])
    await waitFor(() => timesAsked(standIn) === 2)
    expect(await runInProcess(sandbox, ['now-playing', '--max-age', '1'])).toMatchObject({
      code: 0,
      stdout: line,
    })
    expect(standIn.requestsTo(player).at(-1)?.status).toBeUndefined()
    await slow.outcome
    expect(timesAsked(standIn)).toBe(2)
  })

  it('moves the progress on', async ({ sandbox, standIn }) => {
    const progress = async () =>
      JSON.parse((await runInProcess(sandbox, ['now-playing', '--max-age', '60', '--json'])).stdout)
    const first = await progress()
    await sleep(1_000)
    const second = await progress()
    expect(second.progress_ms - first.progress_ms).toBeGreaterThan(900)
    expect(second.fetched_at).toBe(first.fetched_at)
    expect(timesAsked(standIn)).toBe(1)
  })

  it('moves it on once for a watch', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    age(sandbox, 40_000)
    const watch = sandbox.start(['now-playing', '--watch', '--max-age', '600', '--format', '{progress}'])
    await waitFor(() => watch.stdout().split('\n').length > 2)
    expect(watch.stdout()).toMatch(/^2:0[3-6]\n2:0[4-7]\n/)
    expect(timesAsked(standIn)).toBe(1)
  })

  it('remembers also that nothing plays', async ({ sandbox, standIn }) => {
    standIn.playback = undefined
    for (let run = 0; run < 3; run++)
      expect(await runInProcess(sandbox, bar)).toMatchObject({ code: 0, stdout: '' })
    expect(timesAsked(standIn)).toBe(1)
  })

  it('is private, in the runtime directory where there is one, and apart for each home', async ({
    sandbox,
  }) => {
    const runtime = path.join(sandbox.env.HOME ?? '', 'run')
    mkdirSync(runtime, { mode: 0o700 })
    await runInProcess(sandbox, bar, { env: { XDG_RUNTIME_DIR: runtime } })
    const directory = path.join(runtime, 'spotify-auth', encodeURIComponent(sandbox.home))
    expect(readdirSync(directory).toSorted()).toEqual(['default.json', 'default.json.lock'])
    expect(statSync(path.join(directory, 'default.json')).mode & 0o777).toBe(0o600)
    expect(existsSync(path.join(sandbox.home, 'cache'))).toBe(false)
  })

  it.for([
    '',
    '{',
    '[]',
    '{"version":0}',
    '{"version":1,"authorizedAtMs":1,"fetchedAtMs":9e15,"playback":{}}',
  ])('that holds %j is as good as none', async (text, { sandbox }) => {
    mkdirSync(path.join(sandbox.home, 'cache'), { recursive: true })
    writeFileSync(cacheFile(sandbox), text)
    expect(await runInProcess(sandbox, bar)).toMatchObject({ code: 0, stdout: line })
  })

  it('is not put back by a fetch that a logout has overtaken', async ({ sandbox, standIn }) => {
    standIn.fault(player, { delayMs: 1_500 })
    const slow = runInProcess(sandbox, bar)
    await waitFor(() => timesAsked(standIn) === 1)
    await runInProcess(sandbox, ['logout'])
    await slow
    expect(await runInProcess(sandbox, ['now-playing', '--max-age', '500'])).toMatchObject({
      code: 4,
      stdout: '',
    })
  })

  it('that cannot be written costs a request, nothing else', async ({ sandbox, standIn }) => {
    writeFileSync(path.join(sandbox.home, 'cache'), '')
    for (let run = 0; run < 2; run++)
      expect(await runInProcess(sandbox, bar)).toMatchObject({ code: 0, stdout: line })
    expect(timesAsked(standIn)).toBe(2)
  })

  it('is left alone by SPOTIFY_REFRESH_TOKEN', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    const { refresh_token } = await standIn.issue()
    const env = { ...sandbox.env, SPOTIFY_REFRESH_TOKEN: refresh_token }
    await runInProcess({ env }, ['now-playing', '--max-age', '500'])
    expect(timesAsked(standIn)).toBe(2)
  })

  it('is forgotten at logout', async ({ sandbox }) => {
    await runInProcess(sandbox, bar)
    await runInProcess(sandbox, ['logout'])
    expect(await runInProcess(sandbox, ['now-playing', '--max-age', '500'])).toMatchObject({
      code: 4,
      stdout: '',
    })
  })

  it('never answers in place of an error, or for status', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    standIn.fault(player, { status: 503, body: '' })
    expect(await runInProcess(sandbox, ['now-playing', '--max-age', '0'])).toMatchObject({
      code: 6,
      stdout: '',
    })
    await runInProcess(sandbox, ['status', '--check'])
    expect(standIn.requestsTo('GET /v1/me')).toHaveLength(1)
  })

  it('of the future is of no use', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    age(sandbox, -3_600_000)
    await runInProcess(sandbox, bar)
    expect(timesAsked(standIn)).toBe(2)
  })

  it('that is much too old does not answer while somebody fetches', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    age(sandbox, 60_000)
    standIn.playback = { ...track, item: { ...track.item, name: 'Passepied' } }
    standIn.fault(player, { delayMs: 500 })
    const first = runInProcess(sandbox, bar)
    await waitFor(() => timesAsked(standIn) === 2)
    const { stdout } = await runInProcess(sandbox, bar)
    expect(stdout).toContain('Passepied')
    await first
  })

  it('is apart for each profile, and logout --all forgets every one', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    writeFileSync(
      path.join(sandbox.home, 'credentials', 'work.json'),
      readFileSync(sandbox.credentialFile, 'utf8'),
      { mode: 0o600 },
    )
    await runInProcess(sandbox, ['now-playing', '--max-age', '5', '--profile', 'work'])
    expect(timesAsked(standIn)).toBe(2)
    await runInProcess(sandbox, ['logout', '--all'])
    for (const profile of ['default', 'work']) {
      const later = ['now-playing', '--max-age', '500', '--profile', profile]
      expect(await runInProcess(sandbox, later)).toMatchObject({ code: 4, stdout: '' })
    }
  })

  it('is forgotten at login', async ({ sandbox, standIn }) => {
    await runInProcess(sandbox, bar)
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    await login.outcome
    await runInProcess(sandbox, ['now-playing', '--max-age', '500'])
    expect(timesAsked(standIn)).toBe(2)
  })
})
