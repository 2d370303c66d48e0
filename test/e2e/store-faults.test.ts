import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serializeCredential } from '../../src/session/credential.ts'
import { readCredential } from '../../src/session/credential-store.ts'
import { createSandbox, programFile, type Sandbox } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

let standIn: StandIn
let sandbox: Sandbox
beforeEach(async () => {
  standIn = await startStandIn()
  sandbox = createSandbox(standIn)
})
afterEach(async () => {
  sandbox.remove()
  await standIn.close()
})

const expired = () => ({ expiresAtMs: Date.now() - 1_000 })
const refreshes = () => standIn.requestsTo('POST /api/token').length
const directory = () => path.dirname(sandbox.credentialFile)

it.each(['0', '077', '0777'])(
  'S1: a login under umask %s makes a file of mode 0600 in directories of mode 0700',
  async (mask) => {
    const login = await sandbox.beginLogin([], { under: ['sh', '-c', `umask ${mask}; exec "$0" "$@"`] })
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)
    expect([sandbox.credentialFile, directory(), sandbox.home].map(mode)).toEqual(['600', '700', '700'])
  },
)

describe('S2: exit 7, nothing is spent and nothing is left behind when', () => {
  afterEach(() => expect(readdirSync(directory()).filter((name) => name.endsWith('.tmp'))).toEqual([]))

  const strace = needs('an injected system call fails', 'strace')
  describe.skipIf(strace.skip)(strace.title, () => {
    it.each([
      ['fsync', 'ENOSPC'],
      ['fsync', 'EIO'],
      ['openat', 'ENOSPC'],
      ['fchmod', 'EPERM'],
    ])('%s with %s', async (call, error) => {
      await sandbox.logIn(standIn, expired())
      const before = sandbox.snapshot()
      const under = [
        strace.file,
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-P',
        `${sandbox.credentialFile}.tmp`,
        '-e',
        `inject=${call}:error=${error}`,
      ]
      expect(await sandbox.run(['token'], { under })).toMatchObject({
        code: 7,
        stdout: '',
        stderr: expect.stringContaining(error),
      })
      expect(sandbox.snapshot()).toEqual(before)
      expect(refreshes()).toBe(0)
    })

    it('rename with EIO, which no test before the request can foresee', async () => {
      await sandbox.logIn(standIn, expired())
      const before = sandbox.snapshot()
      const under = [strace.file, '-f', '-qq', '-o', '/dev/null', '-e', 'inject=rename:error=EIO']
      expect(await sandbox.run(['token'], { under })).toMatchObject({
        code: 7,
        stdout: '',
        stderr: expect.stringContaining('EIO'),
      })
      expect(sandbox.snapshot()).toEqual(before)
      expect(await sandbox.run(['token'])).toMatchObject({ code: 0 })
    })

    it('a write takes half of the bytes, and the rest goes in as well', async () => {
      await sandbox.logIn(standIn, expired())
      // Of the two writes to the temporary file each is told to have taken 7 bytes, which is what it must believe.
      const under = [
        strace.file,
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-P',
        `${sandbox.credentialFile}.tmp`,
        '-e',
        'inject=pwrite64:retval=7:when=1',
      ]
      expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0 })
      expect(sandbox.readCredential().expiresAtMs).toBeGreaterThan(Date.now())
    })
  })

  it('the size of files is limited', async () => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    const under = ['sh', '-c', 'ulimit -f 0; exec "$0" "$@"']
    expect(await sandbox.run(['token'], { under })).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('EFBIG'),
    })
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes()).toBe(0)
  })

  const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0
  const tmpfs = canMount || process.env.CI ? '' : ' (skipped: unshare -rm is not allowed here)'
  it.skipIf(tmpfs)(`the disk of 8 KiB is full${tmpfs}`, async () => {
    await sandbox.logIn(standIn, expired())
    const before = sandbox.snapshot()
    const small = `mount -t tmpfs -o size=8k small "$HOME/small" && cp -a "$SPOTIFY_AUTH_HOME/credentials" "$HOME/small/" && dd if=/dev/zero of="$HOME/small/filler" bs=1k 2>/dev/null
      SPOTIFY_AUTH_HOME="$HOME/small" "$0" "$@"; code=$?
      cmp "$SPOTIFY_AUTH_HOME/credentials/default.json" "$HOME/small/credentials/default.json" && ls "$HOME/small/credentials"; exit $code`
    mkdirSync(path.join(sandbox.env.HOME ?? '', 'small'))
    const { code, stdout, stderr } = await sandbox.run(['token'], {
      under: ['unshare', '-rm', 'sh', '-c', small],
    })
    expect({ code, stdout }).toEqual({ code: 7, stdout: 'default.json\ndefault.lock\n' })
    expect(stderr).toContain('ENOSPC')
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes()).toBe(0)
  })
})

describe('S3: in a directory that cannot be written', () => {
  const root = process.getuid?.() === 0
  // Root may write everywhere: the program then runs as nobody.
  const under = root ? ['setpriv', '--reuid', '65534', '--clear-groups', '--inh-caps=-all'] : undefined

  async function readOnly(changes: { expiresAtMs: number }) {
    await sandbox.logIn(standIn, changes)
    if (root) expect(spawnSync('chown', ['-R', '65534', sandbox.env.HOME ?? '']).status).toBe(0)
    chmodSync(directory(), 0o500)
    return sandbox.snapshot()
  }
  afterEach(() => chmodSync(directory(), 0o700))

  it('an expired token is exit 7 without a token request', async () => {
    const before = await readOnly(expired())
    expect(await sandbox.run(['token'], { under })).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('EACCES'),
    })
    expect(sandbox.snapshot()).toEqual(before)
    expect(refreshes()).toBe(0)
  })

  it('a valid token works', async () => {
    await readOnly({ expiresAtMs: Date.now() + 3_000_000 })
    expect(await sandbox.run(['token'], { under })).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('S4: a file that is not a login is named and left alone:', () => {
  it.each([
    ['empty', ''],
    ['a brace', '{'],
    ['NUL bytes', '\0'.repeat(100)],
    ['an array', '[]'],
    ['10 MB', ' '.repeat(10_000_000)],
    ['a newer version', '{"version":2}'],
  ])('%s', async (_, text) => {
    mkdirSync(directory(), { recursive: true })
    writeFileSync(sandbox.credentialFile, text, { mode: 0o600 })
    for (const args of [['token'], ['status'], ['now-playing'], ['token', '--refresh']]) {
      expect(await sandbox.run(args)).toMatchObject({
        code: 7,
        stdout: '',
        stderr: expect.stringContaining(sandbox.credentialFile),
      })
    }
    expect(sandbox.snapshot()).toEqual({ 'default.json': Buffer.from(text).toString('hex') })
    expect(standIn.requests).toEqual([])
  })

  it('cut at every byte', async () => {
    const credential = await sandbox.logIn(standIn)
    const text = serializeCredential(credential)
    const place = {
      home: sandbox.home,
      profile: 'default',
      stderr: { isTerminal: false, columns: 80, write: () => {} },
    }
    for (let length = text.trimEnd().length - 1; length >= 0; length--) {
      truncateSync(sandbox.credentialFile, length)
      expect(() => readCredential(place)).toThrow(expect.objectContaining({ code: 'storage' }))
    }
    writeFileSync(sandbox.credentialFile, text)
    for (let length = text.length - 2; length >= 0; length -= 40) {
      truncateSync(sandbox.credentialFile, length)
      expect(await sandbox.run(['token'])).toMatchObject({ code: 7, stdout: '' })
      expect(statSync(sandbox.credentialFile).size).toBe(length)
    }
  })

  it('a directory, or a pipe', async () => {
    mkdirSync(sandbox.credentialFile, { recursive: true })
    expect(await sandbox.run(['token'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('not a regular file'),
    })
    rmSync(sandbox.credentialFile, { recursive: true })
    spawnSync('mkfifo', [sandbox.credentialFile])
    expect(await sandbox.run(['token'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('not a regular file'),
    })
  })

  it.skipIf(process.getuid?.() !== 0)('a file of somebody else (only root can make one)', async () => {
    await sandbox.logIn(standIn)
    spawnSync('chown', ['65534', sandbox.credentialFile])
    expect(await sandbox.run(['token'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('belongs to another user'),
    })
  })
})

it('a loose mode of our own file is tightened with a warning', async () => {
  await sandbox.logIn(standIn)
  chmodSync(sandbox.credentialFile, 0o644)
  expect(await sandbox.run(['token'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('its mode is 0600 now'),
  })
  expect(statSync(sandbox.credentialFile).mode & 0o777).toBe(0o600)
  expect(await sandbox.run(['token'])).toMatchObject({ code: 0, stderr: '' })
})

it('S5: ten thousand reads while a thousand saves replace the file: no parse error', async () => {
  await sandbox.logIn(standIn)
  const saver = fileURLToPath(new URL('../support/save-in-a-loop.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', saver, sandbox.home, '1000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let saves = ''
  child.stdout.on('data', (text) => {
    saves += text
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const place = {
    home: sandbox.home,
    profile: 'default',
    stderr: { isTerminal: false, columns: 80, write: () => {} },
  }
  const seen = new Set<string>()
  let reads = 0
  while (child.exitCode === null || reads < 10_000) {
    seen.add(readCredential(place)?.accessToken ?? 'missing')
    if (++reads % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await ended).toBe(0)
  expect(saves).toBe('1000 saves')
  expect(seen.has('missing')).toBe(false)
  // The reads fell between the saves, not before or after them.
  expect(seen.size).toBeGreaterThan(50)
})

describe('where the kernel lock cannot be loaded', () => {
  /** The program among its packages, but for the lock's. */
  function withoutLocks(): string {
    const bare = mkdtempSync(path.join(tmpdir(), 'spotify-auth-test-'))
    const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
    mkdirSync(path.join(bare, 'node_modules'))
    for (const name of readdirSync(modules)) {
      if (name !== 'fs-native-extensions')
        symlinkSync(path.join(modules, name), path.join(bare, 'node_modules', name))
    }
    cpSync(path.dirname(programFile), path.join(bare, 'dist'), { recursive: true })
    return bare
  }

  it('a valid token works, and nothing is ever refreshed without exclusion', async () => {
    const bare = withoutLocks()
    const run = (args: string[]) =>
      spawnSync(process.execPath, [path.join(bare, 'dist', path.basename(programFile)), ...args], {
        env: sandbox.env,
        encoding: 'utf8',
      })
    await sandbox.logIn(standIn)
    expect(run(['token'])).toMatchObject({ status: 0, stderr: '' })
    await sandbox.logIn(standIn, expired())
    expect(run(['token'])).toMatchObject({
      status: 7,
      stdout: '',
      stderr: expect.stringContaining('File locks are not available'),
    })
    expect(run(['login'])).toMatchObject({
      status: 7,
      stderr: expect.stringContaining('File locks are not available'),
    })
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toEqual([])
    rmSync(bare, { recursive: true })
  })
})
