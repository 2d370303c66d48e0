import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const hostile = [
  ['a colour', 'streaming \u001b[31mred'],
  ['a clipboard write', '\u001b]52;c;aGk=\u0007'],
  ['a line of its own', 'streaming\nLogged in as Eve'],
  ['a bidi override', 'streaming \u202eevil'],
  ['a mark of Arabic letters', 'user\u061c-read'],
  ['a quotation mark', 'streaming "x"'],
  ['a backslash', 'streaming a\\b'],
  ['other letters', 'hören'],
  ['spaces only', '  '],
  ['a list', ['streaming']],
] as const

describe('scopes that are none are as if nothing was said', () => {
  it.for(hostile)('at a refresh: %s', async ([, scope], { sandbox, standIn }) => {
    const { scopes } = await sandbox.logIn(standIn)
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, scope }) })
    expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
    expect(sandbox.readCredential().scopes).toEqual(scopes)
  })

  it('at a login', async ({ sandbox, standIn }) => {
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, scope: 'a\u001b[31m b' }) })
    const login = await beginLoginInProcess(sandbox, ['--scope', 'player'])
    await visit(await login.answer('agree'))
    expect(await login.outcome).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('granted less'),
    })
    expect(sandbox.readCredential().scopes).toContain('user-modify-playback-state')
  })
})

it('words that RFC 6749 allows are kept', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  standIn.fault('POST /api/token', { transform: (json) => ({ ...json, scope: 'a:b!  ~[c]' }) })
  await runInProcess(sandbox, ['token', '--refresh'])
  expect(sandbox.readCredential().scopes).toEqual(['a:b!', '~[c]'])
})

const { title, skip } = needs(
  'a terminal is shown no control characters of scopes that are stored already',
  'script',
)
it.skipIf(skip)(title, async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, { scopes: ['x\u001b]52;c;aGk=\u0007', 'y\u061c\u202e'] })
  const { stdout } = await sandbox.startInTerminal(['status', '--no-color']).outcome
  expect(stripVTControlCharacters(stdout)).toContain('x]52;c;aGk= y\r\n')
  for (const character of '\u001b\u0007\u061c\u202e') expect(stdout).not.toContain(character)
})

it('token --json is one line of plain letters, whatever is stored', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, { scopes: ['x\u061c\u009b\u202e'] })
  const { stdout } = await sandbox.run(['token', '--json'])
  expect(stdout).toContain('"scope":"x\\u061c\\u009b\\u202e"}\n')
})

it('ids of devices are shown without control characters, too', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  const devices = ['a\u001b[31m', 'b\u001b[31m'].map((id) => ({
    id,
    name: 'kitchen',
    type: 'Speaker',
    is_restricted: false,
  }))
  standIn.fault('GET /v1/me/player/devices', { body: { devices } })
  const { stderr } = await runInProcess(sandbox, [
    'play',
    'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP',
    '--device',
    'kitchen',
  ])
  expect(stderr).toContain('a[31m, b[31m')
  expect(stderr).not.toContain('\u001b')
})

describe('a token of another type is none', () => {
  it.for(['mac', 'DPoP', 'Bearer ', '', 'N_A', null, 7, undefined])(
    '%j',
    async (token_type, { sandbox, standIn }) => {
      const before = await sandbox.logIn(standIn, { expiresAtMs: Date.now() - 1 })
      standIn.fault('POST /api/token', { transform: (json) => ({ ...json, token_type }) })
      expect(await runInProcess(sandbox, ['token'])).toMatchObject({
        code: 6,
        stdout: '',
        stderr: expect.stringContaining('something that is not a token'),
      })
      expect(sandbox.readCredential().accessToken).toBe(before.accessToken)
    },
  )

  it.for(['Bearer', 'bearer', 'BEARER'])('%s is the one', async (token_type, { sandbox, standIn }) => {
    await sandbox.logIn(standIn, { expiresAtMs: Date.now() - 1 })
    standIn.fault('POST /api/token', { transform: (json) => ({ ...json, token_type }) })
    expect(await runInProcess(sandbox, ['token'])).toMatchObject({ code: 0 })
  })
})
