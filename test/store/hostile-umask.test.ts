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
      const giveAway = () => {
        if (root && !isHarmless) spawnSync('chown', ['-R', '65534', sandbox.env.HOME ?? ''])
      }
      giveAway()
      const mine = process.umask()
      onTestFinished(() => void process.umask(mine))
      const under = [...nobody, 'sh', '-c', `umask ${mask}; exec "$0" "$@"`]
      const run = (args: string[]) =>
        isHarmless ? runInProcess(sandbox, args) : sandbox.run(args, { under })
      const scope = ['--scope', 'now-playing']
      // One that takes all makes a directory of no use even to this process.
      if (mask !== '0777') process.umask(mask)
      const login = await (mask === '0777'
        ? sandbox.beginLogin(scope, { under })
        : beginLoginInProcess(sandbox, scope))
      await visit(await login.answer('agree'))
      expect(await login.outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('are not') })
      if (!isHarmless) process.umask(mine)
      giveAway()
      standIn.playback = track
      const writing = [
        ['token', '--refresh'],
        ['now-playing', '--max-age', '1'],
        ['config', 'set', 'scope', 'player'],
      ]
      const reading = [
        ['token', '--refresh'],
        ['now-playing', '--max-age', '60'],
        ['config', 'get', 'scope'],
      ]
      // Under 0277 everything that was written can be read.
      for (const args of mask === '0277' ? writing : [...writing, ...reading]) {
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
