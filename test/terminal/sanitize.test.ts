import { expect, it } from 'vitest'
import { sanitize } from '../../src/untrusted/sanitize.ts'

it.each([
  ['a colour', 'a\u001b[31mb', 'a[31mb'],
  ['a clipboard write (OSC 52)', 'a\u001b]52;c;aGk=\u0007b', 'a]52;c;aGk=b'],
  ['a C1 control', 'a\u009b31mb', 'a31mb'],
  ['DEL and NUL', 'a\u007f\u0000b', 'ab'],
  ['line breaks of every kind', 'a\r\nb\u2028c\u0085d\te', 'a b c d e'],
  ['a bidi override', 'a\u202ecba\u202c\u2066\u2069', 'acba'],
  ['a mark of Arabic letters, which reorders as well', 'a\u061cb', 'ab'],
  ['half of a surrogate pair', 'a\ud83db', 'a\ufffdb'],
])('takes out %s', (_, hostile, clean) => {
  expect(sanitize(hostile)).toBe(clean)
})

it.each(['👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'Björk', '椎名林檎', 'فيروز', 'नमस्ते'])('keeps %s whole', (text) => {
  expect(sanitize(text)).toBe(text)
})
