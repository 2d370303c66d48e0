import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { readDotfile } from '../../src/session/dotfile.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { credentialFileOf } from '../support/profiles.ts'
import { isRoot } from '../support/under.ts'

describe('a file that is not a login is named, and left alone:', () => {
  it.for([
    ['empty', '', ''],
    ['a brace', '{', ''],
    ['NUL bytes', '\0'.repeat(100), ''],
    ['an array', '[]', ''],
    ['10 MB, unread', ' '.repeat(10_000_000), 'larger than'],
    ['a newer version', '{"version":2}', 'another version'],
  ] as const)('%s', async ([, text, reason], { sandbox, standIn }) => {
    mkdirSync(path.dirname(sandbox.credentialFile), { recursive: true })
    writeFileSync(sandbox.credentialFile, text, { mode: 0o600 })
    for (const args of [['token'], ['status'], ['now-playing'], ['token', '--refresh']]) {
      const { code, stdout, stderr } = await runInProcess(sandbox, args)
      expect({ code, stdout }).toEqual({ code: 7, stdout: '' })
      expect(stderr).toContain(sandbox.credentialFile)
      expect(stderr).toContain(reason)
    }
    expect(sandbox.snapshot()).toEqual({ 'default.json': Buffer.from(text).toString('hex') })
    expect(standIn.requests).toEqual([])
  })

  it('with the command that moves it aside, for its profile', async ({ sandbox }) => {
    const file = credentialFileOf(sandbox, 'work')
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, '{', { mode: 0o600 })
    expect(await runInProcess(sandbox, ['token', '--profile', 'work'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('`spotify-auth login --profile work` moves it aside'),
    })
  })

  it('a login of a newer version, whole but for that', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const text = readFileSync(sandbox.credentialFile, 'utf8')
    expect(text).toContain('"version": 1')
    writeFileSync(sandbox.credentialFile, text.replace('"version": 1', '"version": 2'))
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('another version'),
    })
  })

  it('a login cut at every byte', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const text = readFileSync(sandbox.credentialFile, 'utf8')
    const stderr = { isTerminal: false, columns: 80, write: () => {} }
    const place = { home: sandbox.home, profile: 'default', stderr }
    for (let length = text.trimEnd().length - 1; length >= 0; length--) {
      truncateSync(sandbox.credentialFile, length)
      expect(() => readDotfile(place, place.stderr)).toThrow(expect.objectContaining({ code: 'storage' }))
    }
    // That the program does as the function that reads takes a few lengths only.
    writeFileSync(sandbox.credentialFile, text)
    for (const length of [text.length - 2, 400, 200, 40, 2]) {
      truncateSync(sandbox.credentialFile, length)
      const outcome = length === 40 ? sandbox.run(['token']) : runInProcess(sandbox, ['token'])
      expect(await outcome).toMatchObject({ code: 7, stdout: '' })
      expect(statSync(sandbox.credentialFile).size).toBe(length)
    }
  })

  it('a directory, or a pipe', async ({ sandbox }) => {
    const refusal = { code: 7, stderr: expect.stringContaining('not a regular file') }
    mkdirSync(sandbox.credentialFile, { recursive: true })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject(refusal)
    rmSync(sandbox.credentialFile, { recursive: true })
    spawnSync('mkfifo', [sandbox.credentialFile])
    expect(await sandbox.run(['token'])).toMatchObject(refusal)
  })

  it.skipIf(!isRoot)('a file of somebody else (only root can make one)', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    spawnSync('chown', ['65534', sandbox.credentialFile])
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('belongs to another user'),
    })
  })

  it.for([
    ['a directory', (file: string) => mkdirSync(file)],
    [
      'what a link leads to',
      (file: string) => {
        writeFileSync(`${file}.target`, 'something else')
        symlinkSync(`${file}.target`, file)
      },
    ],
  ] as const)('%s, by a logout, too', async ([, make], { sandbox }) => {
    mkdirSync(path.dirname(sandbox.credentialFile), { recursive: true })
    make(sandbox.credentialFile)
    const before = readdirSync(path.dirname(sandbox.credentialFile))
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('is not a login of this program'),
    })
    expect(readdirSync(path.dirname(sandbox.credentialFile))).toEqual(expect.arrayContaining(before))
  })
})

describe('a damaged login may still hold a token: it is removed', () => {
  it.for([['logout'], ['logout', '--all']])('by %s %s', async (args, { sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const text = readFileSync(sandbox.credentialFile, 'utf8')
    for (const damaged of [text.slice(0, -20), text.replace('"version": 1', '"version": 2'), '']) {
      writeFileSync(sandbox.credentialFile, damaged)
      expect(await runInProcess(sandbox, args.filter(Boolean))).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('Logged out'),
      })
      expect(sandbox.snapshot()).toEqual({})
    }
  })
})

it('nothing of a file that is not JSON is quoted', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  // Not the start of a JSON value: for such a text the engine's own message quotes it.
  writeFileSync(sandbox.credentialFile, 'AQ-secret')
  const { code, stderr } = await runInProcess(sandbox, ['token'])
  expect(code).toBe(7)
  expect(stderr).not.toContain('AQ-')
})
