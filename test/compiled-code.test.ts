import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it as plain } from './support/fixture.ts'
import { programFile, type Sandbox } from './support/sandbox.ts'

/** `it` with a login, and a directory of caches that no other test uses. */
const it = plain.extend<{ caches: string }>({
  caches: async ({ sandbox, standIn }, use) => {
    const caches = path.join(sandbox.env.HOME ?? '', '.cache')
    sandbox.env.XDG_CACHE_HOME = ''
    await sandbox.logIn(standIn)
    await use(caches)
  },
})

/** The files below a directory, with their modes in octal. */
function modesBelow(directory: string): Record<string, string> {
  const names = existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : []
  return Object.fromEntries(
    names.map((name) => [name, (statSync(path.join(directory, name)).mode & 0o777).toString(8)]),
  )
}

/** What is kept for `token`. */
function keptBelow(caches: string): string {
  const name = Object.keys(modesBelow(caches)).find((each) => path.basename(each).startsWith('token '))
  return path.join(caches, name ?? 'nothing')
}

/** Expects `token` to do what it does, and to say nothing else. */
async function expectToken(sandbox: Sandbox, env?: Record<string, string>): Promise<void> {
  const stdout = `${sandbox.readCredential().accessToken}\n`
  expect(await sandbox.run(['token'], { env })).toEqual({ code: 0, signal: null, stdout, stderr: '' })
}

/** Code of another program whose text is as long as that of `main.cjs`, compiled by the Node that runs it. */
const other = `
  const { readFileSync } = require('node:fs')
  const { Script } = require('node:vm')
  const { length } = readFileSync(process.argv[1], 'latin1')
  const text = 'exports.main = () => console.log("another program")'.padEnd(length)
  const script = new Script('(function (exports, require) {' + text + '\\n})', { filename: process.argv[1] })
  const exported = {}
  script.runInThisContext()(exported, require)
  const { log } = console
  console.log = () => {}
  exported.main()
  const code = script.createCachedData()
  process.stdout.write(Buffer.concat([code, code]))`

function compileOther(): Buffer {
  return execFileSync(process.execPath, ['-e', other, path.join(path.dirname(programFile), 'main.cjs')])
}

describe('what V8 has compiled', () => {
  it('is kept by the first run of a command that succeeds, for this user alone', async ({
    sandbox,
    caches,
  }) => {
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    const build = expect.stringMatching(/^[0-9a-f]{16}$/)
    const modes = modesBelow(path.join(caches, 'spotify-auth'))
    const [directory, file] = Object.keys(modes)
    expect([directory, path.dirname(file ?? ''), Object.values(modes)]).toEqual([
      build,
      build,
      ['700', '600'],
    ])
    expect(modesBelow(sandbox.env.HOME ?? '')).toMatchObject({
      '.cache': '700',
      '.cache/spotify-auth': '700',
    })
    const { ino, mtimeMs } = statSync(keptBelow(caches))
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    expect(statSync(keptBelow(caches))).toMatchObject({ ino, mtimeMs })
  })

  it('is what the next run executes', async ({ sandbox, caches }) => {
    await sandbox.run(['token'])
    writeFileSync(keptBelow(caches), compileOther())
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: 'another program\n' })
  })

  it.for(['640', '604', '606'])(
    'is not executed, but replaced, where others may touch it (mode %s)',
    async (mode, { sandbox, caches }) => {
      await sandbox.run(['token'])
      writeFileSync(keptBelow(caches), compileOther())
      chmodSync(keptBelow(caches), Number.parseInt(mode, 8))
      await expectToken(sandbox)
      expect(statSync(keptBelow(caches)).mode & 0o777).toBe(0o600)
    },
  )

  const damages: { title: string; damage(file: string): void }[] = [
    { title: 'is empty', damage: (file) => truncateSync(file, 0) },
    { title: 'is cut off', damage: (file) => truncateSync(file, 10_000) },
    { title: 'has lost one of its pages', damage: (file) => overwrite(file, 4096, Buffer.alloc(4096)) },
    { title: 'has another byte', damage: (file) => overwrite(file, 28, Buffer.from([0x55])) },
    { title: 'is text', damage: (file) => writeFileSync(file, 'nothing nothing ') },
    { title: 'is a pipe', damage: (file) => execFileSync('sh', ['-c', 'rm "$0"; mkfifo -m 600 "$0"', file]) },
  ]
  it.for(damages)(
    'is not executed, but replaced, where it $title',
    async ({ damage }, { sandbox, caches }) => {
      await sandbox.run(['token'])
      const { size } = statSync(keptBelow(caches))
      damage(keptBelow(caches))
      await expectToken(sandbox)
      // How much is compiled differs a little from run to run.
      expect(Math.abs(statSync(keptBelow(caches)).size / size - 1)).toBeLessThan(0.1)
    },
  )

  it('of other builds of the program is removed', async ({ sandbox, caches }) => {
    mkdirSync(path.join(caches, 'spotify-auth', 'earlier'), { recursive: true })
    writeFileSync(path.join(caches, 'spotify-auth', 'earlier', 'token'), '')
    await sandbox.run(['token'])
    expect(existsSync(keptBelow(caches))).toBe(true)
    expect(existsSync(path.join(caches, 'spotify-auth', 'earlier'))).toBe(false)
  })

  it('is not kept of a run that fails', async ({ sandbox, caches }) => {
    expect(await sandbox.run(['token', '--profile', 'nobody'])).toMatchObject({ code: 4 })
    expect(existsSync(caches)).toBe(false)
  })

  it('is not kept where a command writes no files', async ({ sandbox, caches }) => {
    const { refreshToken } = sandbox.readCredential()
    const withoutFiles: Record<string, string>[] = [
      { SPOTIFY_REFRESH_TOKEN: refreshToken },
      { NODE_DISABLE_COMPILE_CACHE: '1' },
    ]
    for (const env of withoutFiles) {
      expect(await sandbox.run(['token'], { env })).toMatchObject({ code: 0, stderr: '' })
    }
    expect(existsSync(caches)).toBe(false)
  })

  it('needs no place: without one, or with one that cannot be written, nothing is different', async ({
    sandbox,
    caches,
  }) => {
    writeFileSync(caches, 'a file in its place')
    const missing = path.join(sandbox.env.HOME ?? '', 'missing')
    const places: Record<string, string>[] = [
      {},
      { HOME: '' },
      { HOME: missing },
      { XDG_CACHE_HOME: 'relative' },
    ]
    for (const env of places) await expectToken(sandbox, env)
    expect(existsSync(missing)).toBe(false)
    expect(readdirSync(sandbox.env.HOME ?? '')).not.toContain('relative')
  })
})

function overwrite(file: string, at: number, bytes: Buffer): void {
  const content = readFileSync(file)
  bytes.copy(content, at)
  writeFileSync(file, content)
}
