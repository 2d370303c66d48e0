import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import type { StandIn } from '../support/stand-in.ts'

const albums = 'GET /v1/artists/1Kr9uZdWq3Yh6oPtNf5BxA/albums'
const artist = 'spotify:artist:1Kr9uZdWq3Yh6oPtNf5BxA'
const asked = (standIn: StandIn) => standIn.requests.filter(({ path }) => path.endsWith('/albums')).length

type Page = { href: string; next: string | null; offset: number }
const toItself = { transform: (page: Page) => ({ ...page, next: page.href }) }
const moved = (href: string, offset: number) => {
  const url = new URL(href)
  url.searchParams.set('offset', String(offset))
  return url.href
}
const back = { transform: (page: Page) => ({ ...page, next: moved(page.href, 0) }) }
const onward = { transform: (page: Page) => ({ ...page, next: moved(page.href, page.offset + 1) }) }

describe.each([
  ['a page that names itself as the next', [toItself], 1],
  ['two pages that name each other', [onward, back], 2],
] as const)('%s', (_, faults, requests) => {
  const many = Array.from({ length: 60 }, (_, at) => faults[at % faults.length] as object)

  it('ends api --paginate with an error that names it', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    standIn.fault(albums, ...many)
    const path = `/artists/1Kr9uZdWq3Yh6oPtNf5BxA/albums?limit=2&offset=0`
    const args = ['api', '--paginate', path]
    const { code, stdout, stderr } = await (requests === 1 ? sandbox.run(args) : runInProcess(sandbox, args))
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining('/albums?limit=2&offset=0') })
    expect(stdout).not.toBe('')
    expect(asked(standIn)).toBe(requests)
  })

  it('ends a list with an error that names it', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    standIn.fault(albums, ...many)
    const { code, stderr } = await runInProcess(sandbox, ['albums', artist, '--limit', '100000'])
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(/\/albums\?\S*offset=0/) })
    expect(asked(standIn)).toBe(requests)
  })
})

it('a search whose page names itself as the next ends with an error that names it', async ({
  sandbox,
  standIn,
}) => {
  await sandbox.logIn(standIn)
  const transform = ({ tracks }: { tracks: Page }) => ({ tracks: { ...tracks, next: tracks.href } })
  standIn.fault('GET /v1/search', ...Array(60).fill({ transform }))
  const { code, stderr } = await runInProcess(sandbox, ['search', 'a', '--type', 'track', '--limit', '1000'])
  expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(/\/search\?\S*offset=0/) })
  expect(standIn.requestsTo('GET /v1/search')).toHaveLength(1)
})
