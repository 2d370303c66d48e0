import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { it } from '../support/api-command.ts'
import { type Running, waitFor } from '../support/sandbox.ts'

describe('a signal to api', () => {
  /** Sends the signal; the outcome has the exit code that a shell tells. */
  const endedBy = async (name: 'SIGINT' | 'SIGTERM', { child, outcome }: Running) => {
    const startedAt = Date.now()
    child.kill(name)
    const { code, signal, ...rest } = await outcome
    expect(Date.now() - startedAt).toBeLessThan(500)
    return { code: signal ? 128 + constants.signals[signal] : code, ...rest }
  }

  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends it at once while Spotify is silent, with exit %i',
    async ([name, code], { sandbox, standIn }) => {
      standIn.fault('POST /v1/x', { hang: true })
      const running = sandbox.start(['api', '-X', 'POST', '/x'])
      await waitFor(() => standIn.requests.length === 1)
      expect(await endedBy(name, running)).toEqual({ code, stdout: '', stderr: '' })
    },
  )

  it('ends it at once between a failure and the repeat', async ({ sandbox, standIn, sent }) => {
    standIn.fault('GET /v1/me', { status: 503, body: '' })
    const running = sandbox.start(['api', '/me'])
    await waitFor(() => standIn.requests[0]?.status === 503)
    await sleep(100)
    expect(await endedBy('SIGINT', running)).toEqual({ code: 130, stdout: '', stderr: '' })
    expect(sent()).toHaveLength(1)
  })
})
