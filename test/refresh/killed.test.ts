import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { startRefresh } from '../support/refreshing.ts'
import type { Sandbox } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { injecting } from '../support/under.ts'

/** Named points of a refresh in their order: a system call, the end of the name of its file, and which call it is. */
type Point = [title: string, call: string, file: '.lock' | '.json.tmp' | 'directory' | 'any', when: number]

function killedAt(sandbox: Sandbox, [, call, file, when]: Point): string[] {
  const kill = `${call}:signal=SIGKILL:when=${when}`
  if (file === 'any') return injecting(kill)
  if (file === 'directory') return injecting(kill, path.dirname(sandbox.credentialFile))
  return injecting(kill, sandbox.credentialFile.replace('.json', file))
}

const before = needs('killed before its request, a refresh is made by the next command, at', 'strace')
describe.skipIf(before.skip)(before.title, () => {
  it.for<Point>([
    ['the lock', 'fcntl', '.lock', 1],
    ['the opening of the temporary file', 'openat', '.json.tmp', 1],
    ['the reserving write', 'pwrite64', '.json.tmp', 1],
    ['the reserving fsync', 'fsync', '.json.tmp', 1],
    ['the connection to Spotify', 'connect', 'any', 1],
  ])('%s', async (point, { sandbox, standIn }) => {
    // Spotify hears nothing, so how it rotates does not matter; this is the rotation that forgives least.
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    const under = killedAt(sandbox, point)
    expect(await sandbox.run(['token'], { under })).toMatchObject({
      code: null,
      signal: 'SIGKILL',
      stdout: '',
    })
    expect(refreshes(standIn)).toHaveLength(0)
    sandbox.readCredential()
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })
})

const after = needs('killed after its request, a refresh leaves a login that', 'strace')
describe.skipIf(after.skip)(after.title, () => {
  const untilTheRename: Point[] = [
    ['the write', 'pwrite64', '.json.tmp', 2],
    ['the cut to size', 'ftruncate', '.json.tmp', 1],
    ['the fsync', 'fsync', '.json.tmp', 2],
    ['the rename', 'rename', '.json.tmp', 1],
  ]
  const afterIt: Point = ['the fsync of the directory', 'fsync', 'directory', 1]

  async function nextAfterKillAt(
    point: Point,
    rotation: StandIn['rotation'],
    { sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn },
  ) {
    standIn.rotation = rotation
    await sandbox.logIn(standIn, expired())
    const under = killedAt(sandbox, point)
    expect(await sandbox.run(['token'], { under })).toMatchObject({
      code: null,
      signal: 'SIGKILL',
      stdout: '',
    })
    expect(refreshes(standIn)).toHaveLength(1)
    sandbox.readCredential()
    const next = await runInProcess(sandbox, ['token'])
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    return next
  }

  const works = [
    ...untilTheRename.flatMap((point) => [
      [point[0], 'none', point] as const,
      [point[0], 'grace', point] as const,
    ]),
    ...(['none', 'grace', 'strict'] as const).map((rotation) => [afterIt[0], rotation, afterIt] as const),
  ]
  it.for(works)('works, at %s with %s rotation', async ([, rotation, point], { sandbox, standIn }) => {
    const next = await nextAfterKillAt(point, rotation, { sandbox, standIn })
    expect(next).toMatchObject({ code: 0, stderr: '' })
  })

  it.for(untilTheRename)(
    'is said to be cut off, at %s with strict rotation',
    async (point, { sandbox, standIn }) => {
      const next = await nextAfterKillAt(point, 'strict', { sandbox, standIn })
      expect(next).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('an earlier refresh was cut off'),
      })
    },
  )
})

describe.concurrent('killed while its request is under way,', () => {
  it('a refresh is made again by the next command', async ({ sandbox, standIn }) => {
    const { child, outcome } = await startRefresh({ sandbox, standIn }, { delayMs: 1_000 })
    child.kill('SIGKILL')
    expect(await outcome).toMatchObject({ signal: 'SIGKILL' })
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stderr: '' })
  })
})
