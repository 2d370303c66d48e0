import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const root = process.getuid?.() === 0
const setpriv = needs('under a umask that takes everything from its owner', 'setpriv')

describe.skipIf(root && setpriv.skip)(setpriv.title, () => {
  // Root may read whatever its mode says: the program then runs as nobody.
  const nobody = root ? ['setpriv', '--reuid', '65534', '--clear-groups', '--inh-caps=-all'] : []

  it.for(['0777', '0277', '0'])(
    '%s: a login, a refresh, a 429 and settings make files that can be used',
    async (mask, { sandbox, standIn }) => {
      // With 0 every owner can use every file; what is to be seen are their modes.
      const isHarmless = mask === '0'
      const mine = process.umask()
      onTestFinished(() => void process.umask(mine))
      if (isHarmless) process.umask(0)
      else if (root) spawnSync('chown', ['65534', sandbox.env.HOME ?? '', sandbox.env.TMPDIR ?? ''])
      const under = [...nobody, 'sh', '-c', `umask ${mask}; exec "$0" "$@"`]
      const run = (args: string[]) =>
        isHarmless ? runInProcess(sandbox, args) : sandbox.run(args, { under })
      const scope = ['--scope', 'now-playing']
      const login = await (isHarmless
        ? beginLoginInProcess(sandbox, scope)
        : sandbox.beginLogin(scope, { under }))
      await visit(await login.answer('agree'))
      expect(await login.outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('are not') })
      standIn.playback = track
      for (const args of [
        ['token', '--refresh'],
        ['token', '--refresh'],
        ['now-playing', '--max-age', '1'],
        ['now-playing', '--max-age', '60'],
        ['config', 'set', 'scope', 'player'],
        ['config', 'get', 'scope'],
      ]) {
        expect(await run(args), args.join(' ')).toMatchObject({ code: 0, stderr: '' })
      }
      standIn.fault('GET /v1/me/player/currently-playing', { status: 429, headers: { 'retry-after': '60' } })
      await run(['now-playing'])
      await run(['now-playing'])
      expect(standIn.requestsTo('GET /v1/me/player/currently-playing')).toHaveLength(2)

      const modes = modesBelow(sandbox)
      expect(Object.keys(modes).length).toBeGreaterThan(6)
      for (const [name, mode] of Object.entries(modes)) {
        expect(`${name} ${mode}`).toBe(`${name} ${name.endsWith('/') ? '700' : '600'}`)
      }
    },
  )

  it('a home whose parents are missing is made', async ({ sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    expect(accessToken).toBeTruthy()
    if (root) spawnSync('chown', ['65534', sandbox.env.HOME ?? ''])
    const env = { SPOTIFY_AUTH_HOME: path.join(sandbox.env.HOME ?? '', 'a', 'b', 'c') }
    const under = [...nobody, 'sh', '-c', 'umask 0777; exec "$0" "$@"']
    expect(await sandbox.run(['config', 'set', 'scope', 'player'], { under, env })).toMatchObject({ code: 0 })
    expect(await sandbox.run(['config', 'get', 'scope'], { under, env })).toMatchObject({ code: 0 })
  })
})

/** The mode of every file and directory (with a slash at its end) of the home. */
function modesBelow({ home }: Sandbox): Record<string, string> {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    names.map((name) => {
      const found = statSync(path.join(home, name))
      return [found.isDirectory() ? `${name}/` : name, (found.mode & 0o777).toString(8)]
    }),
  )
}
