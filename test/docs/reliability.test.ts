import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)

interface Row {
  fault: string
  /** What the last cell names: a file, and titles of tests or groups in it. */
  tests: { file: string; titles: string[] }[]
}

/** The rows of all tables of a page, each with a fault, what happens, and tests. */
function rowsOf(markdown: string): Row[] {
  return markdown
    .split('\n')
    .filter((line) => /^\| (?!fault |---)/.test(line))
    .map((line) => {
      const cells = line.split('|').slice(1, -1)
      const named = (cells[2] ?? '').matchAll(/`([^`]+)`((?:,? "[^"]+")*)/g)
      return {
        fault: cells[0]?.trim() ?? '',
        tests: [...named].map(([, file = '', titles = '']) => ({
          file,
          titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
        })),
      }
    })
}

/** What is wrong with the tests that a row names. */
function problemsOf({ tests }: Row): string[] {
  if (tests.length === 0) return ['it names no test']
  return tests.flatMap(({ file, titles }) => {
    const url = new URL(file, root)
    if (!file.startsWith('test/') || !existsSync(url)) return [`there is no ${file}`]
    if (titles.length === 0) return [`it names no test of ${file}`]
    // A title stands in the source as a whole string of its own, however that is quoted.
    const source = readFileSync(url, 'utf8')
    const isThere = (title: string) => ["'", '"', '`'].some((quote) => source.includes(quote + title + quote))
    return titles.filter((title) => !isThere(title)).map((title) => `${file} has no test "${title}"`)
  })
}

describe('docs/reliability.md names tests that there are, for', () => {
  const rows = rowsOf(readFileSync(new URL('docs/reliability.md', root), 'utf8'))

  it('all of its seven tables', () => {
    expect(rows.length).toBeGreaterThan(100)
  })

  it.for(rows.map((row) => [row.fault, row] as const))('%s', ([, row]) => {
    expect(problemsOf(row)).toEqual([])
  })
})

describe('a row is found wanting', () => {
  const here = 'test/docs/reliability.test.ts'
  const lost = ['a', 'lost', 'title'].join(' ')
  it.for([
    ['without a test', '', 'it names no test'],
    ['whose test is nothing but a title', '"a title"', 'it names no test'],
    ['without a title', `\`${here}\``, `it names no test of ${here}`],
    ['whose file does not exist', '`test/no.test.ts` "a"', 'there is no test/no.test.ts'],
    ['whose file is no test', '`docs/reliability.md` "a"', 'there is no docs/reliability.md'],
    [
      'whose second title is not there',
      `\`${here}\` "without a test", "${lost}"`,
      `${here} has no test "${lost}"`,
    ],
  ] as const)('%s', ([, cell, problem]) => {
    const [row] = rowsOf(`| fault | what happens | test |\n| --- | --- | --- |\n| f | w | ${cell} |\n`)
    expect(row && problemsOf(row)).toEqual([problem])
  })
})
