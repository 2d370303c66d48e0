import net from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { followLogin } from '../support/follow-login.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { visit } from '../support/visit.ts'

/** The link that a waiting login shows. */
const shownIn = (stderr: string) => /^ {2}(http:\/\/\S+)$/m.exec(stderr)?.[1] ?? ''

/** Goes the way of a browser that was started with this link; returns the callback's address, not yet requested. */
async function agreeBy(link: string): Promise<string> {
  const { headers } = await visit(link)
  return followLogin(headers.location ?? '', 'agree')
}

it('the browser is started with a link that says nothing, and that leads to Spotify', async ({ sandbox }) => {
  const login = await sandbox.beginLogin()
  const link = await sandbox.openedUrl()
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/)
  expect(link).not.toBe(shownIn(login.stderr()))
  const { status, headers } = await visit(link)
  expect({ status, location: headers.location }).toEqual({ status: 302, location: login.authorizeUrl.href })
  await visit(await login.answer('agree'))
  expect(await login.outcome).toMatchObject({ code: 0 })
})

it('a login whose link was opened twice has ended, and says why', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn)
  const before = sandbox.snapshot()
  const login = await beginLoginInProcess(sandbox)
  const link = await sandbox.openedUrl()
  // Somebody has read it in the list of processes, and is quicker than the browser.
  const theirs = await agreeBy(link)
  const { status, headers, text } = await visit(link)
  expect({ status, location: headers.location }).toEqual({ status: 410, location: undefined })
  expect(text).toContain('opened twice')
  expect(await login.outcome).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(
      /Somebody else on this computer may have opened it.*\n.*login --no-browser/,
    ),
  })
  await expect(visit(theirs)).rejects.toThrow('ECONNREFUSED')
  expect(standIn.requestsTo('POST /api/token')).toEqual([])
  expect(sandbox.snapshot()).toEqual(before)
})

it('what is no navigation does not use the link up', async ({ sandbox }) => {
  const login = await beginLoginInProcess(sandbox)
  const link = await sandbox.openedUrl()
  expect(await visit(link, { headers: { 'sec-purpose': 'prefetch' } })).toMatchObject({ status: 403 })
  expect(await visit(link, { headers: { 'sec-fetch-mode': 'no-cors' } })).toMatchObject({ status: 403 })
  expect(await visit(link, { method: 'HEAD' })).toMatchObject({ status: 405 })
  await visit(await agreeBy(link))
  expect(await login.outcome).toMatchObject({ code: 0 })
})

it('the link that the terminal shows may be used again', async ({ sandbox }) => {
  const login = await beginLoginInProcess(sandbox)
  const link = shownIn(login.stderr())
  for (let time = 0; time < 3; time++) expect(await visit(link)).toMatchObject({ status: 302 })
  await visit(await agreeBy(link))
  expect(await login.outcome).toMatchObject({ code: 0 })
})

describe('a request with two hosts is no callback', () => {
  it.for([
    ['ours first', (ours: string) => [ours, 'evil.example']],
    ['ours last', (ours: string) => ['evil.example', ours]],
    ['ours twice', (ours: string) => [ours, ours]],
  ] as const)('%s', async ([, hosts], { sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    const callback = new URL(await login.answer('agree'))
    const lines = hosts(callback.host).map((host) => `Host: ${host}\r\n`)
    const socket = net.connect(Number(callback.port), callback.hostname)
    socket.write(
      `GET ${callback.pathname}${callback.search} HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`,
    )
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 400 /)
    expect(standIn.requestsTo('POST /api/token')).toEqual([])
    await visit(callback)
    expect(await login.outcome).toMatchObject({ code: 0 })
  })
})
