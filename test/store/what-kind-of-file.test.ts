import { spawnSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const root = process.getuid?.() === 0

const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0 || process.env.CI
const mounted = canMount ? '' : ' (skipped: unshare -rm is not allowed here)'
describe.skipIf(mounted)(`a dotfile that is mounted by itself${mounted}`, () => {
  const underMount = ['unshare', '-rm', 'sh', '-c', 'mount --bind "$FILE" "$FILE" && exec "$0" "$@"']

  it('is found out before the refresh token is spent', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    const env = { FILE: sandbox.credentialFile }
    expect(await sandbox.run(['token'], { under: underMount, env })).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringMatching(
        /EBUSY.*\nNothing was changed\. .*mount its directory, \/.*\/credentials\./,
      ),
    })
    expect(standIn.requests).toEqual([])
    expect(sandbox.snapshot()).toEqual(before)
  })

  it.for([
    ['that is a login', true],
    ['that is empty', false],
  ] as const)('%s, is told before the browser opens', async ([, isLogin], { sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    if (!isLogin) writeFileSync(sandbox.credentialFile, '')
    const before = sandbox.snapshot()
    const env = { FILE: sandbox.credentialFile }
    const login = sandbox.run(['login', '--port', '0', '--timeout', '5'], { under: underMount, env })
    expect(await login).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('mount its directory'),
    })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(sandbox.snapshot()).toEqual(before)
  })

  it('while its token is valid, works', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    const env = { FILE: sandbox.credentialFile }
    expect(await sandbox.run(['token'], { under: underMount, env })).toMatchObject({
      code: 0,
      stdout: `${accessToken}\n`,
    })
  })
})

const chattr = needs('a dotfile that is immutable', 'chattr')
const noChattr = chattr.skip || !root
describe.skipIf(noChattr)(root ? chattr.title : `${chattr.title} (skipped: only root can make one)`, () => {
  it('is found out before the refresh token is spent, and before the browser opens', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    expect(spawnSync(chattr.file, ['+i', sandbox.credentialFile]).status).toBe(0)
    try {
      const refused = { code: 7, stderr: expect.stringContaining('EPERM') }
      expect(await sandbox.run(['token'])).toMatchObject(refused)
      expect(await runInProcess(sandbox, ['login', '--port', '0', '--timeout', '5'])).toMatchObject(refused)
    } finally {
      spawnSync(chattr.file, ['-i', sandbox.credentialFile])
    }
    expect(standIn.requests).toEqual([])
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(sandbox.snapshot()).toEqual(before)
  })
})

describe('a dotfile that is a symbolic link', () => {
  it.for(['absolute', 'relative'] as const)(
    'stays one through a refresh: %s',
    async (kind, { sandbox, standIn }) => {
      await sandbox.logIn(standIn, expired())
      const { target, link } = moveToDotfiles(sandbox, kind)
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
      expect(lstatSync(sandbox.credentialFile).isSymbolicLink()).toBe(true)
      expect(readlinkSync(sandbox.credentialFile)).toBe(link)
      expect(JSON.parse(readFileSync(target, 'utf8')).expires_at * 1000).toBeGreaterThan(Date.now())
      expect(spawnSync('ls', ['-A', path.dirname(target)], { encoding: 'utf8' }).stdout).toBe(
        'spotify.json\n',
      )
    },
  )

  it('to what is not a login: that stays as it is, and a login ends before the browser opens', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn)
    const { target } = moveToDotfiles(sandbox, 'absolute')
    writeFileSync(target, 'important')
    expect(await runInProcess(sandbox, ['login', '--port', '0'])).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(/leads to .*, which is not a login\.\nRemove that link/),
    })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(readdirSync(path.dirname(target))).toEqual([path.basename(target)])
    expect(readFileSync(target, 'utf8')).toBe('important')
  })

  it('to nothing yet stays one through a login, and through a logout', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const { target } = moveToDotfiles(sandbox, 'absolute')
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0 })
    expect(lstatSync(target, { throwIfNoEntry: false })).toBeUndefined()
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(lstatSync(sandbox.credentialFile).isSymbolicLink()).toBe(true)
    expect(JSON.parse(readFileSync(target, 'utf8')).user.id).toBe('ada.lovelace')
  })
})

function moveToDotfiles(sandbox: { home: string; credentialFile: string }, kind: 'absolute' | 'relative') {
  const directory = path.join(sandbox.home, '..', 'dotfiles')
  const target = path.join(directory, 'spotify.json')
  const link = kind === 'absolute' ? target : path.relative(path.dirname(sandbox.credentialFile), target)
  mkdirSync(directory)
  renameSync(sandbox.credentialFile, target)
  symlinkSync(link, sandbox.credentialFile)
  return { target, link }
}
