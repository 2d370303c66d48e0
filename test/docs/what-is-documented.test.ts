import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { templateFieldNames } from '../../src/now-playing/fields.ts'
import { commandNames } from '../support/program-commands.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The words in backticks of every heading, and of the first cell of every row of a table. */
const named = [...readme.matchAll(/^(?:#+ .*|\| .*?\|)/gm)].flatMap(([text]) =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
)

describe('every command of the program', () => {
  const names = commandNames()

  it('is found', () => {
    expect(names).toEqual(expect.arrayContaining(['login', 'now-playing', 'completion']))
  })

  it('has a file of tests of its own', () => {
    const missing = names
      .map((name) => `test/commands/${name}.test.ts`)
      .filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))
    expect(missing).toEqual([])
  })

  it('is named in backticks by a heading or a row of a table in the README', () => {
    const missing = names.filter((name) => !named.some((code) => code.split(' ')[0] === name))
    expect(missing).toEqual([])
  })
})

it('every field of a template is in the list of the README, and no other', () => {
  const [, list = ''] = /^\| `--format TEMPLATE` .*Fields: `([a-z ]+)`/m.exec(readme) ?? []
  expect(list.split(' ').toSorted()).toEqual(templateFieldNames.toSorted())
})

it('every code of an error has a sentence in the reference, and no other has', () => {
  const reference = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8')
  const section = reference.slice(reference.indexOf('\n### ErrorCode\n')).split('\n***\n')[0] ?? ''
  const codes = [...section.matchAll(/"(\w+)"/g)].map(([, code]) => code)
  expect(codes).toContain('login_required')
  expect([...section.matchAll(/^- `(\w+)`: ./gm)].map(([, code]) => code)).toEqual(codes)
})
