import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { templateFieldNames } from '../../src/now-playing/fields.ts'
import { readDocument } from '../support/documents.ts'
import { commandNames } from '../support/program-commands.ts'

/** The words in backticks of every row of a table. */
const named = [...readDocument('README.md').matchAll(/^\|.*\|$/gm)].flatMap(([row]) =>
  [...row.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
)

describe('every command of the program', async () => {
  const names = await commandNames()

  it('is found', () => {
    expect(names).toEqual(expect.arrayContaining(['login', 'now-playing', 'completion']))
  })

  it('has a file of tests of its own', () => {
    const missing = names
      .map((name) => `test/commands/${name}.test.ts`)
      .filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))
    expect(missing).toEqual([])
  })

  it('is named in backticks by a row of a table in the README', () => {
    const missing = names.filter((name) => !named.some((code) => code.split(' ')[0] === name))
    expect(missing).toEqual([])
  })
})

it('every field of a template is in the list of docs/now-playing.md, and no other', () => {
  const [, list = ''] =
    /^\| `--format TEMPLATE` .*Fields: `([a-z ]+)`/m.exec(readDocument('docs/now-playing.md')) ?? []
  expect(list.split(' ').toSorted()).toEqual(templateFieldNames.toSorted())
})

it('every code of an error has a sentence in docs/reference.md, and no other has', () => {
  const [, section = ''] = readDocument('docs/reference.md').split('\n### ErrorCode\n')
  const [text = ''] = section.split('\n***\n')
  const codes = [...text.matchAll(/"(\w+)"/g)].map(([, code]) => code)
  expect(codes).toContain('login_required')
  expect([...text.matchAll(/^- `(\w+)`: ./gm)].map(([, code]) => code)).toEqual(codes)
})
