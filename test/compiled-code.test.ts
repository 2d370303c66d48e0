import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
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

/** The directory of compiled code. */
const inCaches = (caches: string) => path.join(caches, 'spotify-auth-compiled')

/** What is kept for `token`. */
function keptIn(directory: string): string {
  const name = existsSync(directory) ? readdirSync(directory).find((each) => each.startsWith('token ')) : ''
  return path.join(directory, name || 'nothing')
}

/** Puts the code of another program in the place of what is kept for `token`. */
async function plant(sandbox: Sandbox, directory: string): Promise<void> {
  await sandbox.run(['token'])
  writeFileSync(keptIn(directory), compileOther())
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
    await expectToken(sandbox)
    const kept = keptIn(inCaches(caches))
    expect(modesBelow(caches)).toEqual({
      'spotify-auth-compiled': '700',
      [path.relative(caches, kept)]: '600',
    })
    const { ino, mtimeMs } = statSync(kept)
    await expectToken(sandbox)
    expect(statSync(kept)).toMatchObject({ ino, mtimeMs })
  })

  it('is what the next run executes', async ({ sandbox, caches }) => {
    await plant(sandbox, inCaches(caches))
    expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stdout: 'another program\n' })
  })

  it('is that of the same program only, not of another copy of it', async ({ sandbox, caches }) => {
    await plant(sandbox, inCaches(caches))
    const copy = path.join(sandbox.env.HOME ?? '', 'copy')
    cpSync(path.dirname(programFile), copy, { recursive: true })
    const under = ['sh', '-c', `node=$0; shift; exec "$node" '${copy}/${path.basename(programFile)}' "$@"`]
    const stdout = `${sandbox.readCredential().accessToken}\n`
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stdout, stderr: '' })
    expect(readdirSync(inCaches(caches))).toHaveLength(2)
  })

  const places: { title: string; needsRoot?: boolean; change(directory: string): void }[] = [
    { title: 'is open to the group', change: (directory) => chmodSync(directory, 0o750) },
    { title: 'is open to others', change: (directory) => chmodSync(directory, 0o703) },
    {
      title: 'is behind a link',
      change(directory) {
        renameSync(directory, `${directory}.elsewhere`)
        symlinkSync(`${directory}.elsewhere`, directory)
      },
    },
    {
      title: 'is another user’s',
      needsRoot: true,
      change: (directory) => chownSync(directory, 65_534, 65_534),
    },
  ]
  for (const { title, needsRoot, change } of places) {
    const described = `is neither executed nor changed where the directory ${title}`
    it.skipIf(needsRoot && process.getuid?.() !== 0)(described, async ({ sandbox, caches }) => {
      const directory = inCaches(caches)
      await plant(sandbox, directory)
      change(directory)
      const { ino, mtimeMs } = statSync(keptIn(directory))
      await expectToken(sandbox)
      expect(statSync(keptIn(directory))).toMatchObject({ ino, mtimeMs })
      expect(readdirSync(directory)).toHaveLength(1)
    })
  }

  it.skipIf(process.getuid?.() !== 0)(
    'is not kept in the home of another user',
    async ({ sandbox, caches }) => {
      const home = path.join(path.dirname(caches), 'of-another')
      mkdirSync(home)
      chownSync(home, 65_534, 65_534)
      await expectToken(sandbox, { HOME: home })
      expect(readdirSync(home)).toEqual([])
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
  it.for(damages)('is made anew where it $title', async ({ damage }, { sandbox, caches }) => {
    await sandbox.run(['token'])
    const { size } = statSync(keptIn(inCaches(caches)))
    damage(keptIn(inCaches(caches)))
    await expectToken(sandbox)
    // How much is compiled differs a little from run to run.
    expect(Math.abs(statSync(keptIn(inCaches(caches))).size / size - 1)).toBeLessThan(0.1)
  })

  it('is added to by a run an hour later', async ({ sandbox, caches }) => {
    await expectToken(sandbox)
    const kept = keptIn(inCaches(caches))
    const { size } = statSync(kept)
    utimesSync(kept, 0, Date.now() / 1000 - 3_601)
    expect(await sandbox.run(['token', '--json'])).toMatchObject({ code: 0 })
    expect(statSync(kept).size).toBeGreaterThan(size)
    expect(statSync(kept).mtimeMs).toBeGreaterThan(Date.now() - 60_000)
  })

  it('is removed when it is older than a month, and nothing else is', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    // The user's directory of caches may be the program's own as well, in which a login may be older.
    const env = { XDG_CACHE_HOME: sandbox.home }
    const directory = inCaches(sandbox.home)
    await expectToken(sandbox, env)
    const kept = keptIn(directory)
    rmSync(kept)
    const [old, recent] = [path.join(directory, 'old'), path.join(directory, 'recent')]
    for (const file of [old, recent]) writeFileSync(file, '')
    for (const file of [old, sandbox.credentialFile]) utimesSync(file, 0, Date.now() / 1000 - 31 * 86_400)
    await expectToken(sandbox, env)
    expect(readdirSync(directory).sort()).toEqual(['recent', path.basename(kept)])
    expect(existsSync(sandbox.credentialFile)).toBe(true)
  })

  it('is not kept of a run that fails', async ({ sandbox, caches }) => {
    expect(await sandbox.run(['token', '--profile', 'nobody'])).toMatchObject({ code: 4 })
    expect(existsSync(caches)).toBe(false)
  })

  it('is not kept where a command writes no files, HOME is relative, or Node is told not to, or told anything else', async ({
    sandbox,
    caches,
  }) => {
    const { refreshToken } = sandbox.readCredential()
    const withoutFiles: Record<string, string>[] = [
      { SPOTIFY_REFRESH_TOKEN: refreshToken },
      { HOME: '.' },
      { NODE_DISABLE_COMPILE_CACHE: '1' },
      { NODE_OPTIONS: '--max-old-space-size=500' },
      { NODE_PRESERVE_SYMLINKS_MAIN: '1' },
      { NODE_V8_COVERAGE: path.join(sandbox.env.HOME ?? '', 'coverage') },
    ]
    for (const env of withoutFiles) {
      expect(await sandbox.run(['token'], { env })).toMatchObject({ code: 0, stderr: '' })
    }
    const under = ['sh', '-c', 'exec "$0" --no-opt "$@"']
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stderr: '' })
    // A watch sets flags of V8's.
    expect(await sandbox.run(['now-playing', '--watch', '--help'])).toMatchObject({ code: 0 })
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
