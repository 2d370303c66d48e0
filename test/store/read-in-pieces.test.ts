import fs, { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { expired } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'

/** As on some network file systems, where a read returns less than it was asked for. */
beforeEach(() => {
  const { readvSync } = fs
  vi.spyOn(fs, 'readvSync').mockImplementation((fd, buffers) =>
    readvSync(
      fd,
      buffers.map((each) => new Uint8Array(each.buffer, each.byteOffset, Math.min(100, each.byteLength))),
    ),
  )
  syncBuiltinESMExports()
})
afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

it('reads a login whole that the file system gives in pieces', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  const stdout = `${sandbox.readCredential().accessToken}\n`
  expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout })
  expect(fs.readvSync).toHaveBeenCalled()
})

it('leaves such a login as it is where a refresh fails', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, expired())
  const before = readFileSync(sandbox.credentialFile, 'utf8')
  const env = { SPOTIFY_ACCOUNTS_URL: 'http://127.0.0.1:1' }
  expect(await runInProcess(sandbox, ['token'], { env })).toMatchObject({ code: 6 })
  expect(readFileSync(sandbox.credentialFile, 'utf8')).toBe(before)
})
