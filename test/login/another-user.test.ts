import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { followLogin } from '../support/follow-login.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { visit } from '../support/visit.ts'

const nobody = 65_534

/** Asks for URLs, one after the other, as another user of this computer does; returns status and location of each. */
async function visitAsNobody(
  urls: string[],
  hostname: string,
): Promise<{ status: number; location?: string }[]> {
  const lines = `
    const [hostname, ...urls] = process.argv.slice(1)
    const visit = (url) => new Promise((resolve) => require('http').get(url, { hostname, headers: { host: new URL(url).host } },
      ({ statusCode: status, headers: { location } }) => resolve({ status, location })))
    void (async () => {
      const answers = []
      for (const url of urls) answers.push(await visit(url))
      console.log(JSON.stringify(answers))
      process.exit()
    })()`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', lines, hostname, ...urls], {
    uid: nobody,
    cwd: '/',
    env: {},
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
      const login = await (hostname === '127.0.0.1' ? sandbox.beginLogin() : beginLoginInProcess(sandbox))
      const link = await sandbox.openedUrl()
      const [shown = ''] = /http:\/\/\S+\/[\w-]{22}$/m.exec(login.stderr()) ?? []
      const callback = await login.answer('agree')
      expect(await visitAsNobody([link, shown, callback], hostname)).toEqual(Array(3).fill({ status: 403 }))
      expect(standIn.requestsTo('POST /api/token')).toEqual([])
      const { headers } = await visit(link)
      await visit(await followLogin(headers.location ?? '', 'agree'))
      expect(await login.outcome).toMatchObject({ code: 0 })
    },
  )

  it.for(['destroy', 'resetAndDestroy'] as const)(
    'also where it is gone before the answer (%s), and the login goes on',
    async (how, { sandbox }) => {
      const login = await beginLoginInProcess(sandbox)
      const link = new URL(await sandbox.openedUrl())
      const code = `const [port, how, request] = process.argv.slice(1)
        const net = require('net')
        const visit = (times) => {
          const socket = net.connect(port, '127.0.0.1', () => socket.write(request, () => socket[how]()))
          socket.on('close', () => times > 1 && visit(times - 1))
        }
        visit(5)`
      const request = `GET ${link.pathname} HTTP/1.1\r\nHost: ${link.host}\r\n\r\n`
      await promisify(execFile)(process.execPath, ['-e', code, link.port, how, request], {
        uid: nobody,
        cwd: '/',
        env: {},
      })
      const { headers } = await visit(link.href)
      await visit(await followLogin(headers.location ?? '', 'agree'))
      expect(await login.outcome).toMatchObject({ code: 0 })
    },
  )

  it('but for the one who has begun it with sudo', async ({ sandbox }) => {
    const login = await beginLoginInProcess(sandbox, [], { env: { SUDO_UID: String(nobody) } })
    expect(await visitAsNobody([await sandbox.openedUrl()], '127.0.0.1')).toMatchObject([{ status: 302 }])
    await visit(await login.answer('cancel'))
    await login.outcome
  })
})
