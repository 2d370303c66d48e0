import { expect } from 'vitest'
import { notOurs, onward, pageHeaders } from '../../src/login/result-page.ts'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess } from '../support/in-process.ts'
import { shortLinkOf } from '../support/short-link.ts'
import { visit } from '../support/visit.ts'

it('every page is static, with its status and all headers', async ({ sandbox, standIn }) => {
  expect(pageHeaders['content-security-policy']).toMatch(
    /^default-src 'none'; img-src data:; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  )
  standIn.fault('POST /api/token', { status: 500, body: '' })
  const login = await beginLoginInProcess(sandbox)
  const hostile = `${login.redirectUri}?state=wrong&error_description=%3Cimg%20src=x%3E`
  const turnedAway = await visit(hostile)
  expect(turnedAway).toMatchObject({ status: 400, text: notOurs(400).html })
  const link = await visit(shortLinkOf(login.stderr()))
  expect(link).toMatchObject({ status: 302, text: onward.html })
  const failed = await visit(await login.answer('agree'))
  expect(failed.status).toBe(502)
  for (const { headers } of [turnedAway, link, failed]) {
    expect(headers).toMatchObject({
      'content-security-policy': pageHeaders['content-security-policy'],
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    })
  }
  await login.outcome
})
