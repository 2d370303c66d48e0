import { describe, expect } from 'vitest'
import { listProcesses } from '../support/command-lines.ts'
import { refreshes } from '../support/credentials.ts'
import { runInProcess } from '../support/in-process.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { killWhile, it as withHelper } from '../support/with-helper.ts'

const it = withHelper.extend({ standInOptions: { rotation: 'strict' as const } })

/** What the helper has started and is still running. */
const leftRunning = ({ env }: Sandbox) =>
  listProcesses().filter(({ cwd }) => cwd?.startsWith(`${env.HOME}/helpers`))

const { title, skip } = needs('a helper that hangs', '/proc/self/cmdline')
describe.skipIf(skip).concurrent(title, () => {
  it('is ended after 10 seconds with what it has started: exit 7, and nothing is spent', async ({
    sandbox,
    standIn,
    helper,
  }) => {
    helper.fault('get', 'hang')
    const startedAtMs = Date.now()
    const running = sandbox.start(['token'])
    await waitFor(() => leftRunning(sandbox).some(({ commandLine }) => commandLine.startsWith('sleep')))
    expect(await running.outcome).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('docker-credential-test did not answer within 10 seconds.'),
    })
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(10_000)
    expect(Date.now() - startedAtMs).toBeLessThan(14_000)
    expect(refreshes(standIn)).toHaveLength(0)
    expect(leftRunning(sandbox)).toEqual([])
  })

  it('with the new token is ended, too, and the token is kept in the file', async ({ sandbox, helper }) => {
    helper.fault('store', 'hang', 2)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('did not answer within 10 seconds.\nThe refresh token is kept in'),
    })
    expect(sandbox.readCredential().refreshToken).not.toMatch(/^sha256:/)
    await waitFor(() => leftRunning(sandbox).length === 0, 2_000)
  })

  it('with the new token, and outlives a command that is killed, is ended by the next one, which says so', async ({
    sandbox,
    helper,
  }) => {
    helper.fault('store', 'hang', 2)
    await killWhile(sandbox, helper, 'store', 2)
    expect(leftRunning(sandbox)).not.toEqual([])
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('an earlier refresh was cut off'),
    })
    await waitFor(() => leftRunning(sandbox).length === 0, 2_000)
  })

  it.for(['SIGINT', 'SIGTERM'] as const)(
    'ends with the command at once, on %s',
    async (signal, { sandbox, helper }) => {
      helper.fault('get', 'hang')
      const { child, outcome } = sandbox.start(['token'])
      await waitFor(() => leftRunning(sandbox).some(({ commandLine }) => commandLine.startsWith('sleep')))
      const sentAtMs = Date.now()
      child.kill(signal)
      expect(await outcome).toMatchObject({ code: signal === 'SIGINT' ? 130 : 143, stderr: '' })
      expect(Date.now() - sentAtMs).toBeLessThan(2_000)
      expect(leftRunning(sandbox)).toEqual([])
      // It is not the helper that has failed.
      helper.mend()
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    },
  )

  const terminal = needs('may take a minute on a terminal, where a line says so and Ctrl-C ends it', 'script')
  it.skipIf(terminal.skip)(terminal.title, async ({ sandbox, helper }) => {
    helper.fault('get', 'hang')
    const { child, stdout, outcome } = sandbox.startInTerminal(['token'])
    await waitFor(() => stdout().includes('for 60 seconds at most'))
    expect(stdout()).toContain('Waiting for docker-credential-test, which may ask for a passphrase')
    child.stdin?.write('\x03')
    await outcome
    expect(leftRunning(sandbox)).toEqual([])
  })
})
