import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { parseCredential } from '../../src/session/credential-text.ts'
import { runAtOnce } from '../support/at-once.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { callsOfRefresh, failing } from '../support/failing-calls.ts'
import { withFailingCalls } from '../support/failing-in-process.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

/** The files below the temporary directory of the sandbox. */
function keptOutside(sandbox: Sandbox): string[] {
  return readdirSync(sandbox.env.TMPDIR ?? '', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

const { fsync, rename, pwrite64 } = callsOfRefresh
const failingWrite = `pwrite64:error=EIO:when=${pwrite64.save}`
const failingRename = `rename:error=EIO:when=${rename.save}`
const killAtTheRename = `rename:signal=SIGKILL:when=${rename.save}`

/** Runs a command that refreshes, in which calls fail so. */
const runFailing = (sandbox: Sandbox, fault: string, args = ['token']) =>
  withFailingCalls(sandbox, fault, () => runInProcess(sandbox, args))

/** A refresh whose answer cannot be saved, and the commands after it, of which `next` runs the first. */
async function loseItsPlace(
  { sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn },
  refresh: () => ReturnType<Sandbox['run']>,
  next: (args: string[]) => ReturnType<Sandbox['run']>,
) {
  standIn.rotation = 'strict'
  const before = await sandbox.logIn(standIn, expired())
  const outcome = await refresh()
  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S{20,}\n$/) })
  expect(outcome.stderr).toMatch(/^The login could not be saved in .* \(E[A-Z]+\)\.\nThe login is kept in /)
  expect(outcome.stderr).not.toContain('Nothing was')
  const kept = /kept in (\S+);/.exec(outcome.stderr)?.[1] ?? ''
  expect(statSync(kept).mode & 0o777).toBe(0o600)
  const credential = parseCredential(readFileSync(kept, 'utf8'))
  expect(`${credential.accessToken}\n`).toBe(outcome.stdout)
  expect(credential.refreshToken).not.toBe(before.refreshToken)

  expect(await next(['token'])).toMatchObject({ code: 0, stdout: outcome.stdout, stderr: '' })
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
  expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  expect(keptOutside(sandbox)).toEqual([])
}

describe('an answer of Spotify that cannot be saved because of', () => {
  it.for([
    ['EIO at the write', failingWrite],
    ['ENOSPC at the write', `pwrite64:error=ENOSPC:when=${pwrite64.save}`],
    ['EIO at the fsync', `fsync:error=EIO:when=${fsync.save}`],
    ['EIO at the rename', failingRename],
    ['EIO at the fsync of the directory', `fsync:error=EIO:when=${fsync.directoryAfter}`],
    ['EIO at every fsync', `fsync:error=EIO:when=${fsync.save}+`],
  ] as const)(
    '%s is handed out, kept, and taken over by the next command',
    async ([, fault], { sandbox, standIn }) => {
      const next = (args: string[]) => runInProcess(sandbox, args)
      await loseItsPlace({ sandbox, standIn }, () => runFailing(sandbox, fault), next)
    },
  )

  const strace = needs('a failing %s of the system is so, too', 'strace')
  it.skipIf(strace.skip).for([
    ['write', failingWrite],
    ['rename', failingRename],
  ] as const)(strace.title, async ([, fault], { sandbox, standIn }) => {
    const refresh = () => sandbox.run(['token'], { under: failing(fault) })
    await loseItsPlace({ sandbox, standIn }, refresh, sandbox.run)
  })

  it('but is in its place all the same is told so', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const fault = `fsync:error=EIO:when=${fsync.directoryAfter}+`
    const { code, stdout, stderr } = await runFailing(sandbox, fault)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('\nIt is in its place; a crash'),
    })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout, stderr: '' })
  })

  it('nor kept anywhere is told as what it is', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const outcome = await runFailing(sandbox, `${failingWrite}+`)
    expect(outcome).toMatchObject({ code: 7, stdout: '' })
    expect(outcome.stderr).toContain('No other place takes it.')
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })

  it('is dropped where a newer login has been made', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    await runFailing(sandbox, failingRename)
    const newer = await sandbox.logIn(standIn, expired())
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
    expect(standIn.requestsTo('POST /api/token').at(-1)?.form.get('refresh_token')).toBe(newer.refreshToken)
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })

  it('is dropped where somebody has put a newer one with the same refresh token in its place', async ({
    sandbox,
    standIn,
  }) => {
    const login = await sandbox.logIn(standIn, expired())
    const older = await runFailing(sandbox, failingRename)
    const { access_token: accessToken } = await standIn.issue()
    sandbox.writeCredential({ ...login, accessToken, expiresAtMs: Date.now() + 3_630_000 })
    const { stdout } = await runInProcess(sandbox, ['token', '--refresh'])
    expect([older.stdout, `${accessToken}\n`]).not.toContain(stdout)
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(2)
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })

  it('goes with the next login, also where the file cannot be read', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    await runFailing(sandbox, failingRename)
    writeFileSync(sandbox.credentialFile, '{')
    // Otherwise its name would be saved, too, by a second save.
    standIn.fault('GET /v1/me', { status: 403, body: '' })
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(Object.keys(sandbox.snapshot())).toEqual([
      'default.json',
      expect.stringMatching(/^default\.json\.\d+\.bad$/),
    ])
  })

  it('is not kept in a directory that somebody else may have put there', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    const planted = path.join(sandbox.env.TMPDIR ?? '', `spotify-auth-${process.getuid?.()}`)
    mkdirSync(path.join(sandbox.home, 'elsewhere'))
    symlinkSync(path.join(sandbox.home, 'elsewhere'), planted)
    expect(await runFailing(sandbox, failingWrite)).toMatchObject({ code: 7 })
    expect(readdirSync(path.join(sandbox.home, 'elsewhere'))).toEqual([])
  })

  it('is found again by all who share the login', async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn, expired())
    await runFailing(sandbox, failingWrite)
    const all = await runAtOnce(sandbox, ['token'], { programs: 2, here: 3 })
    expect(new Set(all.map(({ code, stdout }) => `${code} ${stdout}`)).size).toBe(1)
    expect(all[0]).toMatchObject({ code: 0 })
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
  })
})

describe('an answer that is kept in the runtime directory of another session', () => {
  /** A refresh whose answer is kept so, and the runtime directory; nobody after it has that in the environment. */
  const keepInRuntime = async (sandbox: Sandbox, standIn: StandIn) => {
    standIn.rotation = 'strict'
    await sandbox.logIn(standIn)
    const runtime = path.join(sandbox.env.HOME ?? '', 'run')
    mkdirSync(runtime, { mode: 0o700 })
    const env = { ...sandbox.env, XDG_RUNTIME_DIR: runtime }
    const { stdout, stderr } = await runFailing({ ...sandbox, env }, failingWrite, ['token', '--refresh'])
    const [, kept = ''] = /kept in (\S+); the next command/.exec(stderr) ?? []
    expect(kept.startsWith(runtime)).toBe(true)
    return { runtime, kept, stdout }
  }

  it('is taken over by a command without that', async ({ sandbox, standIn }) => {
    const { runtime, stdout } = await keepInRuntime(sandbox, standIn)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout, stderr: '' })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    expect(readdirSync(runtime)).toEqual([])
  })

  it('is not missed by a logout without that', async ({ sandbox, standIn }) => {
    const { runtime } = await keepInRuntime(sandbox, standIn)
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0 })
    expect(sandbox.snapshot()).toEqual({})
    expect(readdirSync(runtime)).toEqual([])
  })

  it('and out of reach: exit 7 with its name, nothing is asked, and it is taken over when it can be', async ({
    sandbox,
    standIn,
  }) => {
    const { runtime, kept, stdout } = await keepInRuntime(sandbox, standIn)
    renameSync(runtime, `${runtime}.away`)
    for (const args of [['token'], ['token', '--refresh'], ['status']]) {
      const outcome = await runInProcess(sandbox, args)
      expect(outcome).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining(` ${kept}, `) })
    }
    await giveUpALogin(sandbox)
    expect(refreshes(standIn)).toHaveLength(1)
    renameSync(`${runtime}.away`, runtime)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout, stderr: '' })
  })

  it('and out of reach in a directory of that name: exit 7, nothing is asked, and it is taken over when it can be', async ({
    sandbox,
    standIn,
  }) => {
    const { kept, stdout } = await keepInRuntime(sandbox, standIn)
    renameSync(kept, `${kept}.away`)
    const outcome = await runInProcess(sandbox, ['token', '--refresh'])
    expect(outcome).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining(` ${kept}, `) })
    expect(refreshes(standIn)).toHaveLength(1)
    renameSync(`${kept}.away`, kept)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout, stderr: '' })
  })

  it('and gone with that: a login is all it takes', async ({ sandbox, standIn }) => {
    const { runtime } = await keepInRuntime(sandbox, standIn)
    rmSync(runtime, { recursive: true })
    const login = await beginLoginInProcess(sandbox)
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({ code: 0 })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('and out of reach of a logout is told', async ({ sandbox, standIn }) => {
    const { runtime, kept } = await keepInRuntime(sandbox, standIn)
    rmSync(runtime, { recursive: true })
    const stderr = expect.stringContaining(kept)
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 7, stderr })
    expect(sandbox.snapshot()).toEqual({})
    expect(await runInProcess(sandbox, ['logout'])).toMatchObject({ code: 0 })
  })

  it('and gone, where Spotify has not replaced the refresh token: the login before is as good', async ({
    sandbox,
    standIn,
  }) => {
    await sandbox.logIn(standIn)
    await runFailing(sandbox, failingWrite, ['token', '--refresh'])
    rmSync(sandbox.env.TMPDIR ?? '', { recursive: true })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })
})

describe('a login that a kill has left finished beside its file', () => {
  it.for(['none', 'grace', 'strict'] as const)(
    'is taken over, with %s rotation',
    async (rotation, { sandbox, standIn }) => {
      standIn.rotation = rotation
      await sandbox.logIn(standIn, expired())
      await runFailing(sandbox, killAtTheRename)
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
      expect(standIn.requestsTo('POST /api/token')).toHaveLength(1)
      expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
      expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    },
  )

  it('is not taken for an interruption afterwards', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    await runFailing(sandbox, killAtTheRename)
    await runInProcess(sandbox, ['token'])
    standIn.fault('POST /api/token', { status: 400, body: { error: 'invalid_grant' } })
    expect((await runInProcess(sandbox, ['token', '--refresh'])).stderr).toContain(
      'perhaps you removed the app',
    )
  })

  it('is not taken over half written', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, expired())
    await runFailing(sandbox, killAtTheRename)
    const [name = ''] = Object.keys(sandbox.snapshot()).filter((each) => each.endsWith('.tmp'))
    const file = path.join(path.dirname(sandbox.credentialFile), name)
    writeFileSync(file, readFileSync(file).subarray(0, 200))
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stderr: '' })
    expect(standIn.requestsTo('POST /api/token')).toHaveLength(2)
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })
})

/** Begins a login, which looks for what is kept, and cancels it in the browser. */
async function giveUpALogin(sandbox: Sandbox) {
  const login = await beginLoginInProcess(sandbox)
  await visit(await login.answer('cancel'))
  expect(await login.outcome).toMatchObject({ code: 4 })
}

/** A login from its beginning to its end, in this process or, with what starts it, by the program. */
async function logIn(sandbox: Sandbox, under?: string[]) {
  const login = await (under ? sandbox.beginLogin([], { under }) : beginLoginInProcess(sandbox))
  // A kill leaves no page.
  const page = await visit(await login.answer('agree')).catch(() => undefined)
  return { page, outcome: await login.outcome }
}

/** A login in which calls fail so. */
const logInFailing = (sandbox: Sandbox, ...faults: string[]) =>
  withFailingCalls(sandbox, faults, () => logIn(sandbox))

/** What it says of where it is kept, and its access token there. */
function keptAccordingTo({ stderr }: { stderr: string }) {
  const kept = /kept in (\S+);/.exec(stderr)?.[1] ?? ''
  return { kept, accessToken: parseCredential(readFileSync(kept, 'utf8')).accessToken }
}

// A login proves once before the browser opens, and once more before it saves.
const failingLastRename = 'rename:error=EIO:when=3'
const killAtTheLastRename = 'rename:signal=SIGKILL:when=3'

describe('a new login that cannot be put in its place', () => {
  /** That such a login says so, and is what the next command finds; `run` runs that. */
  const expectTakenOver = async (
    sandbox: Sandbox,
    { page, outcome }: Awaited<ReturnType<typeof logIn>>,
    run: (args: string[]) => ReturnType<Sandbox['run']>,
  ) => {
    expect(page).toMatchObject({ status: 500, text: expect.stringContaining('kept elsewhere') })
    expect(outcome).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('; the next command takes it over.'),
    })
    const { kept, accessToken } = keptAccordingTo(outcome)
    expect(await run(['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n`, stderr: '' })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    expect(existsSync(kept)).toBe(false)
  }

  it.for([
    ['the first one', false, failingLastRename],
    ['one in the place of another', true, failingLastRename],
    ['one whose draft cannot be written', false, 'pwrite64:error=EIO:when=5'],
    ['one for which there is no room any more', true, 'pwrite64:error=ENOSPC:when=3'],
  ] as const)(
    '%s: exit 7, the page says so, and the next command takes it over',
    async ([, hasOther, fault], { sandbox, standIn }) => {
      if (hasOther) await sandbox.logIn(standIn)
      const login = await logInFailing(sandbox, fault)
      await expectTakenOver(sandbox, login, (args) => runInProcess(sandbox, args))
    },
  )

  const strace = needs('because of the system', 'strace')
  it.skipIf(strace.skip)(strace.title, async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    await expectTakenOver(sandbox, await logIn(sandbox, failing(failingLastRename)), sandbox.run)
  })

  it.for([false, true])(
    'is the one of status and logins (after another one: %s)',
    async (hasOther, { sandbox, standIn }) => {
      // Of this one nobody has asked whose it is.
      if (hasOther) await sandbox.logIn(standIn)
      const { outcome } = await logInFailing(sandbox, failingLastRename)
      const { accessToken } = keptAccordingTo(outcome)
      await giveUpALogin(sandbox)
      expect(sandbox.readCredential().accessToken).toBe(accessToken)
      const { code, stdout } = await runInProcess(sandbox, ['status', '--json'])
      expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, user: null })
    },
  )

  it('is told to wait for the next refresh, where the one before cannot be marked', async ({
    sandbox,
    standIn,
  }) => {
    const before = await sandbox.logIn(standIn)
    const { outcome } = await logInFailing(sandbox, failingLastRename, 'utimensat:error=EROFS:when=1+')
    const { stderr } = outcome
    expect(stderr).toContain('; the next refresh takes it over.')
    const [, kept = ''] = /kept in (\S+);/.exec(stderr) ?? []
    const status = await runInProcess(sandbox, ['status'])
    expect(status.stdout).toMatch(new RegExp(`^ +Kept +a newer login in ${kept},`, 'm'))
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ stdout: `${before.accessToken}\n` })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
    expect(sandbox.readCredential().loginId).toBeDefined()
  })

  it.for([['token'], ['status', '--json']])(
    'that a kill has left finished is the one of the next command, while the one before is good: %s',
    async (args, { sandbox, standIn }) => {
      const before = await sandbox.logIn(standIn)
      await logInFailing(sandbox, killAtTheLastRename)
      expect(sandbox.readCredential().accessToken).toBe(before.accessToken)
      expect(await runInProcess(sandbox, args)).toMatchObject({ code: 0, stderr: '' })
      expect(sandbox.readCredential().accessToken).not.toBe(before.accessToken)
      expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
    },
  )

  const unfinished = needs('that a kill has left unfinished leaves the one before as it was', 'strace')
  it.skipIf(unfinished.skip)(unfinished.title, async ({ sandbox, standIn }) => {
    const before = await sandbox.logIn(standIn)
    const { outcome } = await logIn(sandbox, failing('pwrite64:signal=SIGKILL:when=5'))
    expect(outcome).toMatchObject({ signal: 'SIGKILL' })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 0,
      stdout: `${before.accessToken}\n`,
      stderr: '',
    })
    expect(Object.keys(sandbox.snapshot())).toEqual(['default.json'])
  })

  it('takes the place of what was no login, which is moved aside', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    writeFileSync(sandbox.credentialFile, '{')
    // At the moving aside: nothing is left half done, and a link leads to what is kept.
    const { outcome } = await logInFailing(sandbox, failingLastRename)
    const { kept, accessToken } = keptAccordingTo(outcome)
    const [link = '', ...others] = readdirSync(path.dirname(sandbox.credentialFile)).filter(
      (name) => !name.endsWith('.lock'),
    )
    expect(others).toEqual(['default.json'])
    expect(readlinkSync(path.join(path.dirname(sandbox.credentialFile), link))).toBe(kept)
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 0,
      stdout: `${accessToken}\n`,
      stderr: expect.stringContaining('What was not a login was moved to '),
    })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({
      code: 0,
      stdout: `${accessToken}\n`,
      stderr: '',
    })
  })

  it('survives a refresh of the one before, by whoever had the lock', async ({ sandbox, standIn }) => {
    const before = await sandbox.logIn(standIn)
    const { outcome } = await logInFailing(sandbox, 'pwrite64:error=ENOSPC:when=3')
    const { accessToken } = keptAccordingTo(outcome)
    const { refresh_token: refreshToken } = await standIn.issue()
    sandbox.writeCredential({ ...before, ...expired(), refreshToken })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0, stdout: `${accessToken}\n` })
  })

  it('and is gone: the one before is as good as it was', async ({ sandbox, standIn }) => {
    const before = await sandbox.logIn(standIn)
    const { outcome } = await logInFailing(sandbox, failingLastRename)
    rmSync(keptAccordingTo(outcome).kept)
    const marked = statSync(sandbox.credentialFile).mtimeMs
    const asBefore = { code: 0, stdout: `${before.accessToken}\n`, stderr: '' }
    expect(await runInProcess(sandbox, ['token'])).toMatchObject(asBefore)
    expect(statSync(sandbox.credentialFile).mtimeMs).not.toBe(marked)
  })
})
