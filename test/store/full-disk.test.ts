import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { callsOfRefresh, failing } from '../support/failing-calls.ts'
import { it } from '../support/fixture.ts'
import { waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { withFileSizeLimit } from '../support/under.ts'

describe('exit 7 before a token is spent, and the login as it was, where the size of files is limited so that', () => {
  it.for([
    ['nothing can be written', 0],
    ['a part of the reservation is written without an error', 1],
  ] as const)('%s', async ([, blocks], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    expect(await sandbox.run(['token'], { under: withFileSizeLimit(blocks) })).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('EFBIG'),
    })
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes(standIn)).toHaveLength(0)
  })
})

it('a file size limit that standard error meets as well is an error, and no death after the lock', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn, expired())
  const under = ['sh', '-c', 'ulimit -f 0; exec "$0" "$@" 2> error']
  expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 7, signal: null })
})

/** A small disk of its own at `$HOME/small` with a copy of the logins, in a namespace where that may be mounted. */
const onSmallDisk = (size: string, script: string) => [
  ...['unshare', '-rm', 'sh', '-c'],
  `mount -t tmpfs -o size=${size} small "$HOME/small" && cp -a "$SPOTIFY_AUTH_HOME/credentials" "$HOME/small/"
  ${script}`,
]

const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0 || process.env.CI !== undefined
const unlessMounted = (title: string) =>
  canMount ? title : `${title} (skipped: unshare -rm is not allowed here)`

const full = unlessMounted('a full disk of 8 KiB is exit 7 before a token is spent, and the login as it was')
it.skipIf(!canMount)(full, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  const before = sandbox.snapshot()
  mkdirSync(path.join(sandbox.env.HOME ?? '', 'small'))
  const under = onSmallDisk(
    '8k',
    `dd if=/dev/zero of="$HOME/small/filler" bs=1k 2>/dev/null
    SPOTIFY_AUTH_HOME="$HOME/small" "$0" "$@"; code=$?
    cmp "$SPOTIFY_AUTH_HOME/credentials/default.json" "$HOME/small/credentials/default.json" && ls "$HOME/small/credentials"; exit $code`,
  )
  const { code, stdout, stderr } = await sandbox.run(['token'], { under })
  expect({ code, stdout }).toEqual({ code: 7, stdout: 'default.json\ndefault.lock\n' })
  expect(stderr).toContain('ENOSPC')
  expect(sandbox.snapshot()).toEqual(before)
  expect(refreshes(standIn)).toHaveLength(0)
})

const strace = needs('a disk that fills up during the request leaves the room that was reserved', 'strace')
it.skipIf(strace.skip || !canMount)(unlessMounted(strace.title), async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  const home = sandbox.env.HOME ?? ''
  mkdirSync(path.join(home, 'small'))
  const waiting = failing(`pwrite64:delay_enter=1000000:when=${callsOfRefresh.pwrite64.save}`)
  const under = onSmallDisk(
    '16k',
    `SPOTIFY_AUTH_HOME="$HOME/small" ${waiting.join(' ')} "$0" "$@" & program=$!
    while ! [ -e "$HOME/sent" ]; do sleep 0.05; done
    while [ -d /proc/$program ]; do dd if=/dev/zero bs=1k count=16 >> "$HOME/small/filler" 2>/dev/null; sleep 0.05; done
    wait $program`,
  )
  const { outcome } = sandbox.start(['token'], { under })
  await waitFor(() => refreshes(standIn).length === 1)
  writeFileSync(path.join(home, 'sent'), '')
  expect(await outcome).toMatchObject({ code: 0, stderr: '' })
})
