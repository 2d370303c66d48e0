import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { describe, expect } from 'vitest'
import { it as ofApi } from '../support/api-command.ts'
import type { StandIn } from '../support/stand-in.ts'

/** A server to which no token may go. */
interface OtherServer {
  host: string
  /** How many connections it has got. */
  connections: number
}

const it = ofApi.extend<{ elsewhere: OtherServer }>({
  elsewhere: async ({ task: _ }, use) => {
    const server = net.createServer((socket) => {
      elsewhere.connections++
      socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const elsewhere = { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, connections: 0 }
    await use(elsewhere)
    server.close()
  },
})

/** The address with the hosts in it. */
const filled = (text: string, elsewhere: OtherServer, { apiUrl }: StandIn) =>
  text.replace('OTHER', elsewhere.host).replace('OURS', new URL(apiUrl).host)

describe.concurrent('the token of api goes nowhere else:', () => {
  // Every way out that is known is tested with the function that judges them; these are one of each kind.
  it.for([
    '//OTHER/v1/me',
    '\\\\OTHER\\v1\\me',
    'http://OTHER/v1/me',
    'http:OTHER/v1/me',
    'http://OURS@OTHER/v1/me',
    'https://OURS/v1/me',
    '/%2e%2e/x',
  ])('%s is a usage error without a request', async (address, { apiInProcess, standIn, sent, elsewhere }) => {
    expect(await apiInProcess(filled(address, elsewhere, standIn))).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `That is not a path of the Web API.\nSuch as /me, or a URL below ${standIn.apiUrl}.\n`,
    })
    expect({ ours: sent(), connections: elsewhere.connections }).toEqual({ ours: [], connections: 0 })
  })

  it.for(['@OTHER/v1/me', '/\tOTHER/me'])(
    '%s is a path of ours',
    async (address, { apiInProcess, standIn, sent, elsewhere }) => {
      expect(await apiInProcess(filled(address, elsewhere, standIn))).toMatchObject({ code: 5, stdout: '' })
      expect({ ours: sent().length, connections: elsewhere.connections }).toEqual({ ours: 1, connections: 0 })
    },
  )

  it.for([301, 302, 303, 307, 308])(
    'a redirect with %i is not followed',
    async (status, { apiInProcess, standIn, sentOnce, elsewhere }) => {
      const location = `http://${elsewhere.host}/v1/me`
      standIn.fault('POST /v1/x', { status, headers: { location }, body: '' })
      expect(await apiInProcess('-X', 'POST', '/x')).toMatchObject({ code: 6, stdout: '' })
      sentOnce('POST', '/v1/x')
      expect(elsewhere.connections).toBe(0)
    },
  )

  it('a next page of another origin is refused, after the items of the first', async ({
    api,
    standIn,
    sent,
    elsewhere,
  }) => {
    const next = `http://${elsewhere.host}/v1/me/tracks?offset=2`
    standIn.fault('GET /v1/me/tracks', { body: { items: [{ id: 1 }, { id: 2 }], next } })
    expect(await api('/me/tracks', '--paginate')).toEqual({
      code: 5,
      signal: null,
      stdout: '{"id":1}\n{"id":2}\n',
      stderr: 'The next page lies outside of the Web API; the token does not go there.\n',
    })
    expect({ ours: sent().length, connections: elsewhere.connections }).toEqual({ ours: 1, connections: 0 })
  })

  it.for([
    'http://OURS@OTHER/v1/me/tracks',
    '//OTHER/v1/me/tracks',
    '/v1/me/tracks?offset=2',
    'http://OURS/me/tracks',
    'https://OURS/v1/me/tracks',
  ])('%s is no next page', async (next, { apiInProcess, standIn, sent, elsewhere }) => {
    standIn.fault('GET /v1/me/tracks', { body: { items: [1], next: filled(next, elsewhere, standIn) } })
    expect(await apiInProcess('/me/tracks', '--paginate')).toMatchObject({ code: 5, stdout: '1\n' })
    expect({ ours: sent().length, connections: elsewhere.connections }).toEqual({ ours: 1, connections: 0 })
  })
})
