import { spawnSync } from 'node:child_process'
import { openSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { it } from './support/fixture.ts'
import { runInProcess } from './support/in-process.ts'
import { commandNames } from './support/program-commands.ts'
import { programFile } from './support/sandbox.ts'

const names = await commandNames()
const below = async (group: string) => (await commandNames(group)).map((name) => `${group} ${name}`)
/** Those that do something: of a group, what stands below it. */
const commands = [
  ...names.filter((name) => !['config', 'playlist'].includes(name)),
  ...(await below('config')),
  ...(await below('playlist')),
]

describe.concurrent('help', () => {
  it('without a command names every command, each under a heading', async ({ sandbox }) => {
    const { code, stdout, stderr } = await sandbox.run([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const listed = stdout.slice(stdout.indexOf('\nLogin:'))
    for (const name of names) expect(listed).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(listed.match(/^\S.*:$/gm)).toEqual([
      'Login:',
      'What plays:',
      'Player:',
      'Finding music:',
      'Library:',
      'Scripts:',
      'The program itself:',
    ])
  })

  it.for(commands)('of %s shows an example', async (command, { sandbox }) => {
    const args = [...command.split(' '), '--help']
    // The program itself looks first at the words after `token`.
    const isRun = ['token', 'playlist add'].includes(command)
    const { code, stdout, stderr } = await (isRun ? sandbox.run(args) : runInProcess(sandbox, args))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`Examples:\n.*spotify-auth ${command}`, 's'))
  })

  it('of a group shows its commands', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['config'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('unset'),
    })
  })
})

it('--version prints the version', async ({ sandbox }) => {
  expect((await sandbox.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

it.for([
  ['an unknown command', ['tokne'], '(Did you mean token?)'],
  ['an unknown command after a flag', ['--json', 'togle'], '(Did you mean toggle?)'],
  ['an unknown flag', ['login', '--prot', '1'], '(Did you mean --port?)'],
  ['an unknown flag of a quick command', ['token', '--jsn'], 'See: spotify-auth token --help'],
  ['a flag without its value', ['token', '--min-ttl'], 'See: spotify-auth token --help'],
  ['a number that is none', ['token', '--min-ttl', 'soon'], '--min-ttl takes a whole number'],
  ['an argument too many', ['status', 'now'], 'See: spotify-auth status --help'],
  ['a bad profile name', ['token', '--profile', '../x'], 'not a profile name'],
] as const)('%s exits 2 with a hint', async ([what, args, hint], { sandbox }) => {
  // The program itself looks first at the words after `token`.
  const isRun = args[0] === 'token' || what === 'an unknown command after a flag'
  const { code, stdout, stderr } = await (isRun ? sandbox.run([...args]) : runInProcess(sandbox, [...args]))
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(hint)
  expect(stderr).not.toMatch(/\n\s+at /)
})

it('prints an error as one JSON object with --json', async ({ sandbox }) => {
  const { stderr } = await sandbox.run(['token', '--jsn', '--json'])
  expect(JSON.parse(stderr)).toEqual({
    error: { code: 'usage', message: expect.any(String), hint: expect.stringContaining('--help') },
  })
})

it.for([
  ['pause', '--json'],
  ['--json', 'pause'],
])('prints an error of a command without data as JSON, too: %s %s', async (args, { sandbox }) => {
  const { code, stderr } = await sandbox.run(args)
  expect(code).toBe(4)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'login_required' } })
})

it.for(['token', 'now-playing'])(
  'takes global flags of %s before and after it',
  async (command, { sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    expect(await sandbox.run(['--profile', 'work', command])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('--profile work'),
    })
    expect(await sandbox.run([command, '--profile', 'work'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('--profile work'),
    })
    expect(await runInProcess(sandbox, ['--profile', 'default', command])).toMatchObject({ code: 0 })
  },
)

it('an empty HOME is an error, not the current directory', async ({ sandbox }) => {
  expect(await sandbox.run(['status'], { env: { HOME: '', SPOTIFY_AUTH_HOME: '' } })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('HOME is not set'),
  })
})

it('ends quietly when its reader has left, and with a message when its output is full', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn)
  const { child, outcome } = sandbox.start(['token', '--refresh'])
  child.stdout?.destroy()
  expect(await outcome).toMatchObject({ code: 0, stderr: '' })
  const full = spawnSync(process.execPath, [programFile, 'token'], {
    env: sandbox.env,
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    encoding: 'utf8',
  })
  expect(full).toMatchObject({ status: 1, stderr: expect.stringContaining('ENOSPC') })
})
