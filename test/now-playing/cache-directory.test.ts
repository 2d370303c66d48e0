import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

const place = ({ env }: Sandbox, name: string) => path.join(env.HOME ?? '', name)
const bar = ['now-playing', '--max-age', '5']

/** A runtime directory with this mode, in which somebody has planted a link to a file of the user's. */
function plant(sandbox: Sandbox, mode: number) {
  const [runtime, victim] = [place(sandbox, 'run'), place(sandbox, 'victim')]
  const directory = path.join(runtime, 'spotify-auth', encodeURIComponent(sandbox.home))
  mkdirSync(directory, { recursive: true })
  writeFileSync(victim, 'precious')
  const link = path.join(directory, 'default.json')
  symlinkSync(victim, link)
  chmodSync(runtime, mode)
  return { runtime, victim, link }
}

describe('a runtime directory that others can change is not used', () => {
  it.for([
    ['everybody may write to it', 0o1777],
    ['its group may write to it', 0o770],
    ['others may look into it', 0o755],
  ] as const)('because %s', async ([, mode], { sandbox, standIn }) => {
    const { runtime, victim, link } = plant(sandbox, mode)
    await sandbox.logIn(standIn)
    const env = { XDG_RUNTIME_DIR: runtime }
    const outcome = mode === 0o770 ? sandbox.run(bar, { env }) : runInProcess(sandbox, bar, { env })
    expect(await outcome).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(existsSync(path.join(sandbox.home, 'cache', 'default.json'))).toBe(true)
  })

  it.skipIf(process.getuid?.() !== 0)('because it is somebody else’s', async ({ sandbox, standIn }) => {
    const { runtime, victim, link } = plant(sandbox, 0o700)
    chownSync(runtime, 65_534, 65_534)
    await sandbox.logIn(standIn)
    expect(await runInProcess(sandbox, bar, { env: { XDG_RUNTIME_DIR: runtime } })).toMatchObject({ code: 0 })
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })

  it('because it is a link', async ({ sandbox, standIn }) => {
    mkdirSync(place(sandbox, 'elsewhere'), { mode: 0o700 })
    symlinkSync(place(sandbox, 'elsewhere'), place(sandbox, 'run'))
    await sandbox.logIn(standIn)
    await runInProcess(sandbox, bar, { env: { XDG_RUNTIME_DIR: place(sandbox, 'run') } })
    expect(existsSync(path.join(place(sandbox, 'elsewhere'), 'spotify-auth'))).toBe(false)
    expect(existsSync(path.join(sandbox.home, 'cache', 'default.json'))).toBe(true)
  })

  it.for(['missing', 'a file'])('because it is %s', async (kind, { sandbox, standIn }) => {
    if (kind === 'a file') writeFileSync(place(sandbox, 'run'), '')
    await sandbox.logIn(standIn)
    const env = { XDG_RUNTIME_DIR: place(sandbox, 'run') }
    expect(await runInProcess(sandbox, bar, { env })).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(path.join(sandbox.home, 'cache', 'default.json'))).toBe(true)
  })
})

const { title, skip } = needs('one look at the runtime directory is all that it costs', 'strace')
it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  mkdirSync(place(sandbox, 'run'), { mode: 0o700 })
  const env = { XDG_RUNTIME_DIR: place(sandbox, 'run') }
  await runInProcess(sandbox, bar, { env })
  const log = place(sandbox, 'strace')
  const under = ['strace', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=%file', '-o', log]
  await sandbox.run(['now-playing', '--max-age', '500'], { env, under })
  const touched = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"${env.XDG_RUNTIME_DIR}`))
  expect(touched.filter((line) => !line.includes('open'))).toHaveLength(1)
  expect(touched).toHaveLength(2)
})
