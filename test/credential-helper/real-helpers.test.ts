import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

/** The life of a login with this helper, from the browser to the logout; `lock` makes what the helper keeps unreadable. */
async function liveWith(
  helper: string,
  { sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn },
  lock: () => () => void,
) {
  standIn.rotation = 'strict'
  const list = () =>
    Object.keys(
      JSON.parse(
        execFileSync(`docker-credential-${helper}`, ['list'], { env: sandbox.env, encoding: 'utf8' }) || '{}',
      ),
    )
  const login = await beginLoginInProcess(sandbox, ['--no-browser', '--credential-helper', helper])
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 0 })
  expect(list()).toEqual([expect.stringMatching(/^https:\/\/spotify-auth\/[0-9a-f]{16}\/default$/)])
  expect(readFileSync(sandbox.credentialFile, 'utf8')).toContain('"refresh_token": "sha256:')

  const run = (args: string[]) => runInProcess(sandbox, args)
  for (const refresh of [sandbox.run, run]) {
    expect(await refresh(['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })
  }
  const asked = refreshes(standIn).length
  const unlock = lock()
  expect(await run(['token', '--refresh'])).toMatchObject({
    code: 7,
    stderr: expect.stringContaining(`docker-credential-${helper} `),
  })
  expect(await run(['token'])).toMatchObject({ code: 0, stderr: '' })
  expect(refreshes(standIn)).toHaveLength(asked)
  unlock()
  expect(await run(['token', '--refresh'])).toMatchObject({ code: 0, stderr: '' })

  for (const logOut of [sandbox.run, run]) expect(await logOut(['logout'])).toMatchObject({ code: 0 })
  expect(list()).toEqual([])
  expect(sandbox.snapshot()).toEqual({})
}

describe.concurrent('with the helpers of Debian, somebody logs in, refreshes, meets a locked keyring and logs out:', () => {
  const pass = needs('docker-credential-pass', 'docker-credential-pass')
  const gpg = needs('', 'gpg')
  it.skipIf(pass.skip || gpg.skip)(pass.title, async ({ sandbox, standIn }) => {
    const { env } = sandbox
    // Sockets have short names.
    env.GNUPGHOME = path.join(env.HOME ?? '', 'gpg')
    env.PASSWORD_STORE_DIR = path.join(env.HOME ?? '', 'store')
    mkdirSync(env.GNUPGHOME, { mode: 0o700 })
    const run = (file: string, ...args: string[]) => execFileSync(file, args, { env, stdio: 'pipe' })
    const keys = path.join(env.GNUPGHOME, 'private-keys-v1.d')
    try {
      run(
        'gpg',
        '--batch',
        '--quiet',
        '--passphrase',
        '',
        '--quick-gen-key',
        'test',
        // A key that is made in no time, unlike one of RSA.
        'future-default',
        'default',
        'never',
      )
      run('pass', 'init', 'test')
      await liveWith('pass', { sandbox, standIn }, () => {
        renameSync(keys, `${keys}.away`)
        run('gpgconf', '--kill', 'gpg-agent')
        return () => {
          run('gpgconf', '--kill', 'gpg-agent')
          renameSync(`${keys}.away`, keys)
        }
      })
    } finally {
      run('gpgconf', '--kill', 'gpg-agent')
    }
  })

  const service = needs('docker-credential-secretservice', 'docker-credential-secretservice')
  const keyring = needs('', 'gnome-keyring-daemon')
  const bus = needs('', 'dbus-run-session')
  it.skipIf(service.skip || keyring.skip || bus.skip)(service.title, async ({ sandbox, standIn }) => {
    const { env } = sandbox
    const lines = `
      printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null
      echo "$DBUS_SESSION_BUS_ADDRESS"
      exec sleep 600`
    const session = spawn(bus.file, ['--', 'sh', '-c', lines], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const [address] = await once(session.stdout, 'data')
      env.DBUS_SESSION_BUS_ADDRESS = String(address).trim()
      const reached = env.DBUS_SESSION_BUS_ADDRESS
      await liveWith('secretservice', { sandbox, standIn }, () => {
        env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nowhere'
        return () => {
          env.DBUS_SESSION_BUS_ADDRESS = reached
        }
      })
    } finally {
      process.kill(-(session.pid ?? 0), 'SIGKILL')
    }
  })
})
