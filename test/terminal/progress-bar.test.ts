import { expect, it } from 'vitest'
import { progressBar } from '../../src/terminal/progress-bar.ts'

it.each([
  [0, 0, 10],
  [0.5, 5, 5],
  [1, 10, 0],
  [7, 10, 0],
  [-1, 0, 10],
])('draws %s as %i of ten cells', (fraction, done, rest) => {
  expect(progressBar(fraction, 10)).toEqual({ done: '━'.repeat(done), rest: '─'.repeat(rest) })
})
