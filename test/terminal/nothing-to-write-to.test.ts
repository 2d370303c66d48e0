import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { followLogin } from '../support/follow-login.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

/** Takes standard streams away after Node has started: at its start it opens those that are missing, but on Windows. */
function without(fds: number[], { env }: Sandbox): { env: Record<string, string> } {
  const file = path.join(env.HOME ?? '', 'close.cjs')
  writeFileSync(file, fds.map((fd) => `require('fs').closeSync(${fd})\n`).join(''))
  return { env: { NODE_OPTIONS: `--require ${file}` } }
}

describe.concurrent('without standard streams a command does what it always does', () => {
  it.for([
    ['standard output', [1]],
    ['standard error', [2]],
    ['both', [1, 2]],
  ] as const)('%s is no valid handle', async ([, fds], { sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    standIn.playback = track
    for (const args of [
      ['status'],
      ['token'],
      ['now-playing'],
      ['now-playing', '--max-age', '5'],
      ['config', 'list'],
    ]) {
      const { code, stderr } = await sandbox.run(args, without([...fds], sandbox))
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
    }
    expect((await sandbox.run(['status', '--profile', 'nobody'], without([...fds], sandbox))).code).toBe(4)
  })

  // Node opens them all the same, on nothing.
  it.for([
    ['status', '>&-'],
    ['token --refresh', '2>&-'],
    ['status', '<&- >&- 2>&-'],
    ['token --refresh', '<&- >&- 2>&-'],
  ] as const)('closed by a shell: %s %s', async ([line, closed], { sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const under = ['sh', '-c', `exec "$@" ${closed}`, 'sh']
    expect(await sandbox.run(line.split(' '), { under })).toMatchObject({ code: 0, stderr: '' })
  })
})

it('a login without standard error still logs in', async ({ sandbox, standIn }) => {
  const login = sandbox.start(['login', '--port', '0'], without([2], sandbox))
  const { headers } = await visit(await sandbox.openedUrl())
  await visit(await followLogin(headers.location ?? '', 'agree'))
  expect(await login.outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('Ada Lovelace') })
  expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
})
