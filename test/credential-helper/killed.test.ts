import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, vi } from 'vitest'
import { outlastCall } from '../../src/session/helper-call.ts'
import { notedHelpers, noteHelper, removeFromNote } from '../../src/session/helper-note.ts'
import { startOf, wordsOfPs } from '../../src/system/started-process.ts'
import { refreshes } from '../support/credentials.ts'
import { killedAtTheRename, killedAtTheWrite } from '../support/failing-calls.ts'
import { runInProcess } from '../support/in-process.ts'
import { needs } from '../support/tools.ts'
import { killWhile, it as withHelper } from '../support/with-helper.ts'

const it = withHelper.extend({ standInOptions: { rotation: 'strict' as const } })

describe.concurrent('kill -9 while the helper is at work costs no login, also where Spotify rotates strictly:', () => {
  it.for([
    ['it is asked for the login', 'get', 1, 'slow'],
    ['it stores the same again', 'store', 1, 'slow'],
    ['it stores the same again, and needs three seconds', 'store', 1, 'slower'],
    ['it stores the new token', 'store', 2, 'slow'],
    ['it stores the new token, and needs three seconds', 'store', 2, 'slower'],
    ['it is asked what it has stored', 'get', 2, 'slow'],
  ] as const)('%s', async ([, action, nth, fault], { sandbox, standIn, helper }) => {
    helper.fault(action, fault, nth)
    await killWhile(sandbox, helper, action, nth)
    // In this process it starts while the helper is still at work.
    const next = await runInProcess(sandbox, ['token'])
    expect(next).toMatchObject({ code: 0, stderr: '' })
    expect(helper.hasWoken()).toBe(fault === 'slower')
    expect(refreshes(standIn)).toHaveLength(1)
    expect(Object.keys(sandbox.snapshot()).sort()).toEqual(['default.helpers', 'default.json'])
    expect(sandbox.readCredential().refreshToken).toMatch(/^sha256:/)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
  })

  const { title, skip } = needs('the new token is with the helper, but the file is the old one', 'strace')
  it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
    expect(await sandbox.run(['token'], { under: killedAtTheRename })).toMatchObject({ signal: 'SIGKILL' })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(refreshes(standIn)).toHaveLength(1)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
  })

  const again = needs('the new token is with the helper, and the file has the one before it', 'strace')
  it.skipIf(again.skip)(again.title, async ({ sandbox, standIn, helper }) => {
    helper.fault('store', 'fail', 2)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(sandbox.readCredential().refreshToken).not.toMatch(/^sha256:/)
    helper.mend()
    const killed = await sandbox.run(['token', '--refresh'], { under: killedAtTheWrite })
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    expect(refreshes(standIn)).toHaveLength(2)
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().refreshToken).toMatch(/^sha256:/)
  })
})

describe.concurrent('a process that has the number of a helper that was left at work', () => {
  it.for([
    ['is not waited for where it was started at another time', 'at another time', 60_000],
    ['is not ended where the system does not say when it was started', '', -1],
  ] as const)('%s', async ([, start, forMs], { sandbox, onTestFinished }) => {
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    onTestFinished(() => void child.kill())
    const note = JSON.stringify({ pid: child.pid, start, until_ms: Date.now() + forMs })
    writeFileSync(path.join(path.dirname(sandbox.credentialFile), 'default.helper-call'), note)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(child.signalCode).toBeNull()
  })

  const { title, skip } = needs('is known by what ps says, where there is no /proc', 'ps')
  it.skipIf(skip)(title, async () => {
    const said = await wordsOfPs(process.pid)
    expect(said.start).toMatch(/ \d\d:\d\d:\d\d \d{4}$/)
    expect(await wordsOfPs(process.pid)).toMatchObject({ start: said.start })
    expect(await wordsOfPs(2 ** 22 + 1)).toMatchObject({ start: '' })
  })

  const zones = needs('is known by that in every time zone', 'ps')
  it.skipIf(zones.skip)(zones.title, async () => {
    const said = await wordsOfPs(process.pid)
    vi.stubEnv('TZ', 'XXX-9')
    expect(await wordsOfPs(process.pid)).toMatchObject({ start: said.start })
    vi.unstubAllEnvs()
  })
})

it('a helper at work is ended when its own time is over, not when somebody else has waited long enough', async ({
  sandbox,
  onTestFinished,
}) => {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void child.kill())
  const start = await startOf(child.pid ?? 0)
  const place = { home: sandbox.home, profile: 'default' }
  const outlast = (forMs: number) => {
    const note = JSON.stringify({ pid: child.pid, start, until_ms: Date.now() + forMs })
    writeFileSync(path.join(path.dirname(sandbox.credentialFile), 'default.helper-call'), note)
    return outlastCall(place, 100, undefined)
  }
  await expect(outlast(60_000)).rejects.toMatchObject({ why: 'slow' })
  expect(child.signalCode).toBeNull()
  await outlast(-1)
  await vi.waitFor(() => expect(child.signalCode).toBe('SIGKILL'))
})

it('the note of helpers is whole at every moment, whenever a kill comes', async ({ sandbox }) => {
  const place = { home: sandbox.home, profile: 'default' }
  noteHelper(place, 'other')
  const fd = openSync(path.join(path.dirname(sandbox.credentialFile), 'default.helpers'), 'r')
  removeFromNote(place, 'other')
  // It was replaced as a whole, so that what was opened before is as it was.
  expect(readFileSync(fd, 'utf8')).toBe('test\nother\n')
  closeSync(fd)
  expect(notedHelpers(place)).toEqual(['test'])
  expect(Object.keys(sandbox.snapshot()).sort()).toEqual(['default.helpers', 'default.json'])
})
