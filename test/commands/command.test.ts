import { expect, it } from 'vitest'
import { readOptions } from '../../src/command-line/command.ts'
import { wholeNumber } from '../../src/command-line/flags.ts'

it('reads what a parser found into options', () => {
  const flags = {
    'min-ttl': { value: 'SECONDS', describe: '', parse: wholeNumber(0) },
    'no-browser': { describe: '' },
    scope: { value: 'SCOPE', describe: '', multiple: true as const },
  }
  expect(
    readOptions(flags, { 'min-ttl': '90', 'no-browser': true, scope: ['a', 'b'], json: undefined }),
  ).toEqual({
    minTtl: 90,
    browser: false,
    scope: ['a', 'b'],
  })
})

it.each(['', '-1', '1.5', 'x', '1e3', '70000'])('refuses "%s" as a port', (text) => {
  expect(() => wholeNumber(0, 65_535)(text, 'port')).toThrow('--port takes a whole number from 0 to 65535.')
})
