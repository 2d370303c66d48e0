import { spawnSync } from 'node:child_process'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { followLogin } from '../support/follow-login.ts'
import { visit } from '../support/visit.ts'

const nobody = 65_534

/** Asks for a URL as another user of this computer does; returns status and location. */
function visitAsNobody(url: string, hostname: string): { status: number; location?: string } {
  const lines = `require('http').get(process.argv[1], { hostname: process.argv[2], headers: { host: new URL(process.argv[1]).host } },
    ({ statusCode: status, headers: { location } }) => console.log(JSON.stringify({ status, location })))`
  const { stdout } = spawnSync(process.execPath, ['-e', lines, url, hostname], {
    uid: nobody,
    cwd: '/',
    env: {},
    encoding: 'utf8',
  })
  return JSON.parse(stdout)
}

const isPossible = process.platform === 'linux' && process.getuid?.() === 0
const title = `another user of the computer is turned away${isPossible ? '' : ' (skipped: needs root, on Linux)'}`

describe.skipIf(!isPossible)(title, () => {
  it.for([
    ['by IPv4', '127.0.0.1'],
    ['by IPv4 in IPv6', '::ffff:127.0.0.1'],
  ])(
    '%s, also who is quicker than the browser, and the login goes on',
    async ([, hostname = ''], { sandbox, standIn }) => {
      const login = await sandbox.beginLogin()
      const link = await sandbox.openedUrl()
      const [shown = ''] = /http:\/\/\S+\/[\w-]{22}$/m.exec(login.stderr()) ?? []
      const callback = await login.answer('agree')
      for (const url of [link, shown, callback]) expect(visitAsNobody(url, hostname)).toEqual({ status: 403 })
      expect(standIn.requestsTo('POST /api/token')).toEqual([])
      const { headers } = await visit(link)
      await visit(await followLogin(headers.location ?? '', 'agree'))
      expect(await login.outcome).toMatchObject({ code: 0 })
    },
  )

  it('but for the one who has begun it with sudo', async ({ sandbox }) => {
    const login = await sandbox.beginLogin([], { env: { SUDO_UID: String(nobody) } })
    expect(visitAsNobody(await sandbox.openedUrl(), '127.0.0.1')).toMatchObject({ status: 302 })
    login.child.kill()
    await login.outcome
  })
})
