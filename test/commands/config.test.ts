import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'

const list = async (sandbox: Sandbox, ...args: string[]) =>
  JSON.parse((await runInProcess(sandbox, ['config', 'list', '--json', ...args])).stdout)

/** With Spotify's own rules for redirect URIs; another accounts server has its own. */
const ofSpotify = { env: { SPOTIFY_ACCOUNTS_URL: '' } }

describe.concurrent('config', () => {
  it('keeps settings of each profile apart', async ({ sandbox }) => {
    await runInProcess(sandbox, ['config', 'set', 'client_id', 'one'])
    await runInProcess(sandbox, ['config', 'set', 'client_id', 'two', '--profile', 'w.ork'])
    await runInProcess(sandbox, [
      'config',
      'set',
      'scope',
      'streaming,user-top-read  player',
      '--profile',
      'w.ork',
    ])
    expect(await list(sandbox)).toEqual({ client_id: 'one' })
    expect(await list(sandbox, '--profile', 'w.ork')).toEqual({
      client_id: 'two',
      scope:
        'streaming user-top-read user-read-currently-playing user-read-playback-state user-modify-playback-state',
    })
    expect(await runInProcess(sandbox, ['config', 'get', 'client_id'])).toMatchObject({
      code: 0,
      stdout: 'one\n',
    })
  })

  it('removes a setting', async ({ sandbox }) => {
    await runInProcess(sandbox, ['config', 'set', 'client_id', 'one'])
    expect(await runInProcess(sandbox, ['config', 'unset', 'client_id'])).toMatchObject({ code: 0 })
    expect(await list(sandbox)).toEqual({})
    expect(await runInProcess(sandbox, ['config', 'get', 'client_id'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('writes a private file in a private directory', async ({ sandbox }) => {
    await sandbox.run(['config', 'set', 'client_id', 'one'])
    expect(statSync(sandbox.home).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(sandbox.home, 'config.json')).mode & 0o777).toBe(0o600)
  })

  it.for([
    [
      'an unknown setting',
      ['set', 'colour', 'red'],
      'Settings are client_id, redirect_uri, scope, credential_helper.',
    ],
    [
      'a redirect URI that Spotify refuses',
      ['set', 'redirect_uri', 'http://localhost:3000/callback'],
      'Register http://127.0.0.1:3000/callback',
    ],
    ['a missing value', ['set', 'scope'], 'See: spotify-auth config set --help'],
  ] as const)('refuses %s', async ([, args, hint], { sandbox }) => {
    expect(await runInProcess(sandbox, ['config', ...args], ofSpotify)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(hint),
    })
  })

  it('names a config.json that is not JSON and leaves it alone', async ({ sandbox }) => {
    mkdirSync(sandbox.home, { recursive: true })
    writeFileSync(path.join(sandbox.home, 'config.json'), '{')
    const { code, stderr } = await runInProcess(sandbox, ['config', 'list'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('config.json cannot be read'),
    })
    expect(statSync(path.join(sandbox.home, 'config.json')).size).toBe(1)
  })
})
