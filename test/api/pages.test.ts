import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import {
  library,
  logIn,
  nocturnes,
  pagesAsked,
  paginate,
  paginateInProcess,
  success,
  trackNames,
  values,
} from '../support/pages-printed.ts'
import { catalogue } from '../support/stand-in-catalogue.ts'

describe.concurrent('all pages are printed, one item a line:', () => {
  it.beforeEach(logIn)

  it('a library of 1,000 tracks in its order, with 20 requests on one connection', async ({
    sandbox,
    standIn,
  }) => {
    const { stdout, ...rest } = await paginate(sandbox, '/me/tracks?limit=50')
    expect(rest).toEqual(success)
    expect(trackNames(stdout)).toEqual(nocturnes(1_000))
    const offsets = standIn.requests.map(({ query }) => query.get('offset'))
    expect(offsets).toEqual([null, ...Array.from({ length: 19 }, (_, index) => `${(index + 1) * 50}`)])
    expect(new Set(standIn.requests.map(({ clientPort }) => clientPort)).size).toBe(1)
  })

  it('items as Spotify sent them', async ({ sandbox, standIn }) => {
    const { stdout } = await runInProcess(sandbox, ['api', '/me/tracks?limit=1'])
    const page = JSON.parse(stdout)
    expect(page.next).not.toBeNull()
    standIn.fault(library, { transform: (json) => ({ ...json, next: null }) })
    expect(await paginateInProcess(sandbox, '/me/tracks?limit=1')).toEqual({
      ...success,
      stdout: `${JSON.stringify(page.items[0])}\n`,
    })
  })

  it('a search of one type, whose pages are wrapped', async ({ sandbox, standIn }) => {
    const { stdout, ...rest } = await paginateInProcess(
      sandbox,
      '/search',
      '-f',
      'q=fog',
      '-f',
      'type=track',
      '-f',
      'limit=10',
    )
    expect(rest).toEqual(success)
    const found = catalogue.tracks.filter(({ artists }) => artists.some(({ name }) => /fog/i.test(name)))
    expect(found).toHaveLength(46)
    expect(values(stdout)).toEqual(found)
    expect(standIn.requests.map(({ query }) => query.get('offset'))).toEqual([null, '10', '20', '30', '40'])
  })

  it('items of any kind, none of which breaks its line or is obeyed by a terminal', async ({
    sandbox,
    standIn,
  }) => {
    const items = [null, 5, 'a\nb\u2028c\u0085\u009b31m\u202e\u007f', [1], { a: { b: '🌵' } }]
    standIn.fault(library, { body: { items, next: null } })
    const { stdout, ...rest } = await paginateInProcess(sandbox, '/me/tracks')
    expect(rest).toEqual(success)
    expect(values(stdout)).toEqual(items)
    expect(stdout.replace(/[\n\u{20}-\u{7e}🌵]/gu, '')).toBe('')
  })

  it.for([{ items: [], next: null }, { items: [] }, { items: [], next: '' }])(
    'nothing of %j',
    async (body, { sandbox, standIn }) => {
      standIn.fault(library, { body })
      expect(await paginateInProcess(sandbox, '/me/tracks')).toEqual({ ...success, stdout: '' })
      expect(pagesAsked(standIn)).toBe(1)
    },
  )
})

describe.concurrent('is a usage error:', () => {
  it.beforeEach(logIn)

  it.for<[string, args: string[], stderr: string]>([
    ['an answer without pages', ['/me'], 'This response has no pages.\nLeave out --paginate.\n'],
    [
      'pages of several kinds',
      ['/search?q=fog&type=artist,track'],
      'This response has pages of several kinds.\nAsk for one type only.\n',
    ],
  ])('%s', async ([, args, stderr], { sandbox, standIn }) => {
    expect(await paginateInProcess(sandbox, ...args)).toEqual({ code: 2, signal: null, stdout: '', stderr })
    expect(standIn.requests).toHaveLength(1)
  })

  it.for(['null', '5', '"text"', '[[1]]', '{"items":5}', '{"items":{"a":1}}'])(
    'an answer of %s',
    async (body, { sandbox, standIn }) => {
      standIn.fault(library, { body })
      expect(await paginateInProcess(sandbox, '/me/tracks')).toMatchObject({ code: 2, stdout: '' })
    },
  )
})
