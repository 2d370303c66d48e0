import { expect } from 'vitest'
import { it } from '../fixture.ts'
import { composer, suite } from '../fixtures.ts'
import { confidentialApp, type StandIn } from '../stand-in.ts'

it.override({ standInOptions: { quotas: { catalogue: 2, search: 1 } } })

async function ask({ apiUrl }: StandIn, accessToken: string, path: string) {
  const response = await fetch(apiUrl + path, { headers: { authorization: `Bearer ${accessToken}` } })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: await response.text(),
  }
}

it('counts the requests of each app by family, and answers what is over a quota with 429', async ({
  standIn,
}) => {
  const { access_token: token } = await standIn.issue()
  const statuses: number[] = []
  for (const path of [
    `/artists/${composer.id}`,
    '/search?q=clair&type=track',
    `/albums/${suite.id}/tracks`,
  ]) {
    statuses.push((await ask(standIn, token, path)).status)
  }
  expect(statuses).toEqual([200, 200, 200])
  expect(await ask(standIn, token, `/artists/${composer.id}/albums`)).toEqual({
    status: 429,
    retryAfter: '86207',
    body: '{"error":{"status":429,"message":"API rate limit exceeded","reason":"QUOTA_EXCEEDED"}}',
  })
  for (const path of ['/me', '/me/player/currently-playing', '/me/tracks']) {
    expect((await ask(standIn, token, path)).status).toBeLessThan(300)
  }
  expect((await ask(standIn, token, '/search?q=clair&type=track')).status).toBe(429)
  const other = await standIn.issue({ clientId: confidentialApp.clientId })
  expect((await ask(standIn, other.access_token, `/artists/${composer.id}`)).status).toBe(200)
})
