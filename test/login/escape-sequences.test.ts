import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { expectStoreStays } from '../support/expect-login.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { visit } from '../support/visit.ts'

const hostileText = '\u001b]52;c;aGk=\u0007\u001b[31m\nred'

describe.concurrent('what Spotify says is obeyed by no terminal and no page', () => {
  it.beforeEach(expectStoreStays)

  it('when a callback has HTML and escape sequences', async ({ sandbox }) => {
    const login = await sandbox.beginLogin()
    const callback = new URL(login.redirectUri)
    callback.search = new URLSearchParams({
      error: 'server_error',
      error_description: `<img src=x onerror=alert(1)>${hostileText}`,
      state: login.authorizeUrl.searchParams.get('state') ?? '',
    }).toString()
    const { text } = await visit(callback)
    expect(text).toContain('Login failed')
    expect(text).not.toMatch(/<img|onerror|server_error/)
    const { code, stderr } = await login.outcome
    expect(code).toBe(4)
    expect(stderr).toContain('server_error')
    expect(stripVTControlCharacters(stderr)).toBe(stderr)
    expect(stderr).not.toContain('\u0007')
    expect(stderr.trim().split('\n').at(-1)).not.toBe('red')
  })

  it.for([
    ['the callback', { error: `x${hostileText}`, error_description: hostileText }, undefined],
    ['the token endpoint', undefined, { error: `x${hostileText}`, error_description: hostileText }],
  ] as const)(
    'when error and error_description of %s have escape sequences',
    async ([, query, body], { sandbox, standIn }) => {
      if (body) standIn.fault('POST /api/token', { status: 400, body })
      const login = await beginLoginInProcess(sandbox)
      const callback = new URL(body ? await login.answer('agree') : login.redirectUri)
      if (query) {
        const state = login.authorizeUrl.searchParams.get('state') ?? ''
        callback.search = new URLSearchParams({ ...query, state }).toString()
      }
      await visit(callback)
      const { code, stderr } = await login.outcome
      expect(code).toBe(4)
      expect(stderr).toContain('x]52;c;aGk=')
      // Control characters other than the line feed.
      expect(stderr).not.toMatch(/[^\P{Cc}\n]/u)
      expect(stderr).not.toMatch(/^red/m)
    },
  )
})
