import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import { version } from '../../package.json'
import { it } from '../support/fixture.ts'
import { otherNodes } from '../support/nodes.ts'
import { hasRegistry, npm } from '../support/npm.ts'
import type { Sandbox } from '../support/sandbox.ts'

// Whoever needs more for a good reason raises it.
const mostPackedBytes = 140_000
const mostUnpackedBytes = 400_000

const exportNames = [
  'SpotifyAuthError',
  'beginLogin',
  'callApi',
  'completeLogin',
  'getCurrentUser',
  'getCurrentlyPlaying',
  'openSession',
  'readScopes',
]

const repository = fileURLToPath(new URL('../../', import.meta.url))
const workplace = mkdtempSync(path.join(tmpdir(), 'spotify-auth-package-'))
const project = path.join(workplace, 'project')
const unpacked = path.join(workplace, 'package')
let tarball: string

beforeAll(async () => {
  mkdirSync(project)
  // The build is there: the tests of the program need it, too.
  await npm(['pack', '--ignore-scripts', '--pack-destination', workplace], repository)
  const name = readdirSync(workplace).find((file) => file.endsWith('.tgz')) ?? ''
  tarball = path.join(workplace, name)
  execFileSync('tar', ['-xzf', name], { cwd: workplace })
})

afterAll(() => rmSync(workplace, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }))

it(`is at most ${mostPackedBytes} bytes to download`, () => {
  expect(statSync(tarball).size).toBeLessThanOrEqual(mostPackedBytes)
})

it('has the build, the texts that go with it, and nothing else', () => {
  const files = filesBelow(unpacked).map((file) =>
    file.replace(/^dist\/(parts|library)\/[\w-]+(\.c?js)$/, 'dist/$1/*$2'),
  )
  expect([...new Set(files)].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/index.cjs',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/index.js',
    'dist/library/*.cjs',
    'dist/library/*.js',
    'dist/main.cjs',
    'dist/parts/*.cjs',
    'dist/spotify-auth.cjs',
    'man/spotify-auth.1',
    'package.json',
  ])
})

it(`takes at most ${mostUnpackedBytes} bytes`, () => {
  const sizes = filesBelow(unpacked).map((file) => statSync(path.join(unpacked, file)).size)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostUnpackedBytes)
})

it('gives its manual page to npm, which links only those of a list', () => {
  const { man } = JSON.parse(readFileSync(path.join(unpacked, 'package.json'), 'utf8'))
  expect(man).toEqual(['man/spotify-auth.1'])
})

/** What npm has fetched for these tests before; on CI it is empty each time. */
const cache = path.join(repository, 'node_modules/.cache/npm')

describe('installed into an empty project', () => {
  let isInstalled = false

  beforeAll(async () => {
    writeFileSync(path.join(project, 'package.json'), '{}')
    const home = path.join(workplace, 'home')
    const env = { HOME: home, USERPROFILE: home, npm_config_cache: cache }
    try {
      await npm(['install', '--prefer-offline', tarball], project, env)
      isInstalled = true
    } catch (error) {
      if (process.env.CI || (await hasRegistry())) throw error
    }
  }, 120_000)

  beforeEach(({ skip }) => skip(!isInstalled, 'the registry does not answer'))

  const running = { title: `Node ${process.version}`, skip: false, install: async () => process.execPath }
  describe.concurrent.each([running, ...otherNodes])('$title', ({ skip, install }) => {
    let node: string

    beforeAll(async () => {
      if (skip || !isInstalled) return
      node = await install(mkdtempSync(path.join(workplace, 'node-')))
    }, 120_000)

    /** Runs a program of the project as its user does: by name, with this Node in front of the path. */
    async function run({ env }: Sandbox, program: string, args: string[]) {
      // Windows starts what npm puts there in a shell only, and no socket without its variable.
      const shell = process.platform === 'win32' && program !== node
      const { SystemRoot = '' } = process.env
      const PATH = [path.dirname(node), process.env.PATH].join(path.delimiter)
      const child = spawn(program, args, { cwd: project, env: { ...env, SystemRoot, PATH }, shell })
      const closed = once(child, 'close')
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
      return { code: (await closed)[0], stdout, stderr }
    }
    const command = path.join(project, 'node_modules/.bin/spotify-auth')

    it.skipIf(skip)('says its version', async ({ sandbox }) => {
      expect(await run(sandbox, command, ['--version'])).toEqual({
        code: 0,
        stdout: `${version}\n`,
        stderr: '',
      })
    })

    it.skipIf(skip)('exits 4 without a login', async ({ sandbox }) => {
      const stderr = 'You are not logged in.\nRun: spotify-auth login\n'
      expect(await run(sandbox, command, ['token'])).toEqual({ code: 4, stdout: '', stderr })
    })

    it.skipIf(skip)('renews a token under the lock of this system', async ({ sandbox, standIn }) => {
      const { accessToken } = await sandbox.logIn(standIn, { expiresAtMs: 0 })
      const outcome = await run(sandbox, command, ['token'])
      const renewed = sandbox.readCredential().accessToken
      expect(outcome).toEqual({ code: 0, stdout: `${renewed}\n`, stderr: '' })
      expect(renewed).not.toBe(accessToken)
    })

    it.skipIf(skip).for([
      { title: 'import', type: 'module', load: `import * as library from 'spotify-auth-cli'` },
      { title: 'require', type: 'commonjs', load: `const library = require('spotify-auth-cli')` },
    ])('gives the whole library to $title', async ({ type, load }, { sandbox }) => {
      const code = `${load}
        library.openSession().catch((error) => {
          const isOurs = error instanceof library.SpotifyAuthError
          console.log(JSON.stringify({ names: Object.keys(library).sort(), isOurs, code: error.code }))
        })`
      const { stdout, ...rest } = await run(sandbox, node, [`--input-type=${type}`, '--eval', code])
      expect(rest).toEqual({ code: 0, stderr: '' })
      expect(JSON.parse(stdout)).toEqual({ names: exportNames, isOurs: true, code: 'login_required' })
    })
  })
})

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}
