import { describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import type { Fault } from '../support/faults.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'

const ended = { error: 'invalid_grant' }

describe.concurrent('exit 6 after one request, without a sleep, and the login stays as it was, when the answer is', () => {
  it.for<[title: string, fault: Fault]>([
    ['500', { status: 500, body: 'oops' }],
    ['503', { status: 503, body: '' }],
    ['503 with invalid_grant in its body', { status: 503, body: ended }],
    ['HTML, as from a captive portal', { status: 200, body: '<html>portal</html>' }],
    ['more than 64 KiB', { transform: (json: object) => ({ ...json, x: 'x'.repeat(70_000) }) }],
    ['a token with a line break', { transform: (json: object) => ({ ...json, access_token: 'a\nb' }) }],
    ['429 with Retry-After 5', { status: 429, headers: { 'retry-after': '5' }, body: '' }],
    ['429 with Retry-After 25', { status: 429, headers: { 'retry-after': '25' }, body: '' }],
    ['429 without Retry-After', { status: 429, body: '' }],
    ['429 with Retry-After 86400', { status: 429, headers: { 'retry-after': '86400' }, body: '' }],
    ['429 with invalid_grant in its body', { status: 429, body: ended }],
    ['a reset', { reset: true }],
  ])('%s', async ([, fault], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    standIn.fault('POST /api/token', fault)
    const startedAt = Date.now()
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 6, stdout: '' })
    // Less than the waits of 25 s and of a day; one of 5 s would show as a second request.
    expect(Date.now() - startedAt).toBeLessThan(20_000)
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes(standIn)).toHaveLength(1)
    // A limit is remembered for the next command; anything else is tried again by whoever insists.
    const limited = fault.status === 429
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: limited ? 6 : 0 })
    expect(refreshes(standIn)).toHaveLength(limited ? 1 : 2)
  })
})

describe.concurrent('exit 6 at the deadline of 10 s, and the login stays as it was, when the answer', () => {
  it.for<[title: string, fault: Fault]>([
    ['trickles, a byte in 300 ms', { trickleMs: 300 }],
    ['never comes', { hang: true }],
  ])('%s', async ([, fault], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    standIn.fault('POST /api/token', fault)
    const startedAt = Date.now()
    const outcome = fault.hang ? sandbox.run(['token']) : runInProcess(sandbox, ['token'])
    expect(await outcome).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('no whole answer within 10 s'),
    })
    // Less than two deadlines; the rest is for a machine with much to do.
    expect(Date.now() - startedAt).toBeLessThan(20_000)
    expect(sandbox.snapshot()).toEqual(before)
  })
})
