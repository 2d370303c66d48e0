import { describe, expect } from 'vitest'
import { expectItWaits } from '../support/expect-login.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { visit } from '../support/visit.ts'

describe.concurrent('goes on waiting after', () => {
  it('a wrong state', async ({ sandbox, standIn }) => {
    const login = await sandbox.beginLogin()
    expect((await visit(`${login.redirectUri}?code=x&state=wrong`)).status).toBe(400)
    await expectItWaits(login, standIn)
  })

  it('a denial without our state', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    expect((await visit(`${login.redirectUri}?error=access_denied`)).status).toBe(400)
    expect((await visit(`${login.redirectUri}?error=access_denied&state=wrong`)).status).toBe(400)
    await expectItWaits(login, standIn)
  })

  it('other paths and methods with a valid query', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    const callback = await login.answer('agree')
    const { search } = new URL(callback)
    for (const target of ['/favicon.ico', '/callback/', '/']) {
      expect((await visit(new URL(target + search, callback))).status).toBe(404)
    }
    for (const method of ['POST', 'HEAD', 'OPTIONS']) {
      expect((await visit(callback, { method })).status).toBe(405)
    }
    await expectItWaits(login, standIn, callback)
  })

  it('a prefetch of the right callback', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    const callback = await login.answer('agree')
    expect((await visit(callback, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(403)
    await expectItWaits(login, standIn, callback)
  })

  it('the right callback for a foreign host', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    const callback = await login.answer('agree')
    expect((await visit(callback, { headers: { host: 'evil.example' } })).status).toBe(421)
    await expectItWaits(login, standIn, callback)
  })

  it('our state without a code, or with two', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    const state = login.authorizeUrl.searchParams.get('state')
    expect((await visit(`${login.redirectUri}?state=${state}`)).status).toBe(400)
    expect((await visit(`${login.redirectUri}?state=${state}&code=`)).status).toBe(400)
    expect((await visit(`${login.redirectUri}?state=${state}&code=a&code=b`)).status).toBe(400)
    await expectItWaits(login, standIn)
  })

  it('another issuer', async ({ sandbox, standIn }) => {
    const login = await beginLoginInProcess(sandbox)
    const callback = await login.answer('agree')
    expect((await visit(`${callback}&iss=https%3A%2F%2Fevil.example`)).status).toBe(400)
    await expectItWaits(login, standIn, `${callback}&iss=${encodeURIComponent(standIn.accountsUrl)}`)
  })
})
