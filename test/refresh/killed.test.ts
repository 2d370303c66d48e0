import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { callsOfRefresh, failing } from '../support/failing-calls.ts'
import { withFailingCalls } from '../support/failing-in-process.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { lockFile, startRefresh } from '../support/refreshing.ts'
import type { Sandbox } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

const { fsync, rename, pwrite64 } = callsOfRefresh

/** Named points of a refresh in their order: a system call, and which one of its kind. */
type Point = readonly [title: string, call: string, when: number]

function killedAt(sandbox: Sandbox, [, call, when]: Point): string[] {
  // The lock of the profile is not the only file that is locked at a start.
  return failing(`${call}:signal=SIGKILL:when=${when}`, call === 'fcntl' ? lockFile(sandbox) : undefined)
}

const before = needs('killed before its request, a refresh is made by the next command, at', 'strace')
describe.skipIf(before.skip).concurrent(before.title, () => {
  it.for<Point>([
    ['the lock', 'fcntl', 1],
    ['the opening of the proof', 'fchmod', 2],
    ['the write of the proof', 'pwrite64', pwrite64.proof],
    ['the fsync of the proof', 'fsync', fsync.proof],
    ['the rename of the proof', 'rename', rename.proof],
    ['the reserving write', 'pwrite64', pwrite64.reserve],
    ['the reserving fsync', 'fsync', fsync.reserve],
    ['the reserving fsync of the directory', 'fsync', fsync.directory],
    ['the connection to Spotify', 'connect', 1],
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
    const [, call] = point
    const next = call === 'fcntl' ? sandbox.run(['token']) : runInProcess(sandbox, ['token'])
    expect(await next).toMatchObject({ code: 0, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })
})

describe('killed after its request, a refresh leaves a login that', () => {
  const forgiving = ['none', 'grace'] as const
  const theWrite: Point = ['the write', 'pwrite64', pwrite64.save]
  const whenWritten: Point[] = [
    ['the cut to size', 'ftruncate', 1],
    ['the fsync', 'fsync', fsync.save],
    ['the rename', 'rename', rename.save],
    ['the fsync of the directory', 'fsync', fsync.directoryAfter],
  ]

  // With strict rotation, which forgives least, the program is killed; with the others a refresh of this process is cut off.
  async function nextAfterKillAt(
    point: Point,
    rotation: StandIn['rotation'],
    { sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn },
  ) {
    standIn.rotation = rotation
    await sandbox.logIn(standIn, expired())
    if (rotation === 'strict') {
      const outcome = await sandbox.run(['token'], { under: killedAt(sandbox, point) })
      expect(outcome).toMatchObject({ code: null, signal: 'SIGKILL', stdout: '' })
    } else {
      const [, call, when] = point
      const kill = `${call}:signal=SIGKILL:when=${when}`
      await withFailingCalls(sandbox, kill, () => runInProcess(sandbox, ['token']))
    }
    expect(refreshes(standIn)).toHaveLength(1)
    sandbox.readCredential()
    const next = await runInProcess(sandbox, ['token'])
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    return next
  }

  const isTakenOver = needs('is taken over without another request, at %s with strict rotation', 'strace')
  it.skipIf(isTakenOver.skip).for(whenWritten)(isTakenOver.title, async (point, { sandbox, standIn }) => {
    const next = await nextAfterKillAt(point, 'strict', { sandbox, standIn })
    expect(next).toMatchObject({ code: 0, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it.for(whenWritten.flatMap((point) => forgiving.map((each) => [point[0], each, point] as const)))(
    'is taken over without another request, at %s with %s rotation',
    async ([, rotation, point], { sandbox, standIn }) => {
      const next = await nextAfterKillAt(point, rotation, { sandbox, standIn })
      expect(next).toMatchObject({ code: 0, stderr: '' })
      expect(refreshes(standIn)).toHaveLength(1)
    },
  )

  it.for(forgiving)('works, at the write with %s rotation', async (rotation, { sandbox, standIn }) => {
    const next = await nextAfterKillAt(theWrite, rotation, { sandbox, standIn })
    expect(next).toMatchObject({ code: 0, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(2)
  })

  const isCutOff = needs('is said to be cut off, at the write with strict rotation', 'strace')
  it.skipIf(isCutOff.skip)(isCutOff.title, async ({ sandbox, standIn }) => {
    const next = await nextAfterKillAt(theWrite, 'strict', { sandbox, standIn })
    expect(next).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('an earlier refresh was cut off'),
    })
  })
})

describe.concurrent('killed while its request is under way,', () => {
  it('a refresh is made again by the next command', async ({ sandbox, standIn }) => {
    const { child, outcome } = await startRefresh({ sandbox, standIn }, { delayMs: 1_000 })
    child.kill('SIGKILL')
    expect(await outcome).toMatchObject({ signal: 'SIGKILL' })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
  })
})
