import { describe, expect } from 'vitest'
import { withClockAhead } from '../support/clock.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { perform, runInProcess } from '../support/in-process.ts'

const down = { status: 503, body: '' }

describe('a refresh that has failed', () => {
  it.for([
    ['503', down],
    ['a reset', { reset: true }],
    ['an answer that is no token', { body: '<html>portal</html>' }],
  ] as const)(
    'with %s is not repeated by the next commands, which say until when',
    async ([, fault], { sandbox, standIn }) => {
      await sandbox.logIn(standIn, expired())
      standIn.fault('POST /api/token', fault)
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6 })
      const startedAt = Date.now()
      for (const command of ['token', 'now-playing']) {
        const told = { code: 'unavailable', hint: expect.stringMatching(/again in [1-5] seconds?/) }
        if (fault === down) {
          const { code, stdout, stderr } = await sandbox.run([command, '--json'])
          expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
          expect(JSON.parse(stderr).error).toMatchObject(told)
        } else {
          const written = { stdout: '', stderr: '' }
          const error = { exitCode: 6, ...told }
          await expect(perform(sandbox, [command, '--json'], written)).rejects.toMatchObject(error)
          expect(written.stdout).toBe('')
        }
      }
      expect(Date.now() - startedAt).toBeLessThan(1_500)
      expect(refreshes(standIn)).toHaveLength(1)
      const later = await withClockAhead(6_000, () => runInProcess(sandbox, ['token']))
      expect(later).toMatchObject({ code: 0 })
    },
  )
})
